import { hash } from "node:crypto";
import { DriftError, decode, encode, isPlain, type PlainObject, type View } from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Bound } from "../engine/engine.ts";
import { idText } from "../id-text.ts";

/**
 * A view as its table holds it. A deleted document's has no state: its row stays, so that a late writer
 * cannot bring it back.
 */
export interface ViewRow {
  readonly id: string;
  readonly version: number;
  readonly head: string;
  readonly changed: number;
  readonly at: number;
  readonly by: string;
  readonly event: string;
  readonly schema: number;
  readonly digest: string;
  readonly since: number;
  readonly state: Uint8Array | null;
}

/** The columns, in the order of `viewValues`. */
export const viewColumns =
  'id, version, head, changed, at, "by", event, schema, digest, since, state' as const;

// a state is frozen once it was encoded or decoded, so its bytes stay those of its row until somebody changes that
const hashes = new WeakMap<object, string>();

function hashOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64");
}

/** The values to bind to store a view. */
export function viewValues(view: View): readonly Bound[] {
  const { version, hash: head, changed, at, by, eventId, schema, digest, since, state } = view;
  const bytes = state === undefined ? null : encode(state, types);
  if (state !== undefined && bytes !== null) hashes.set(state, hashOf(bytes));
  return [idText(view.id), version, head, changed, at, idText(by), eventId, schema, digest, since, bytes];
}

/** The view of a row. Throws DriftError where its state cannot be read. */
export function viewOfRow({ head: hash, event: eventId, state, ...columns }: ViewRow): View {
  return { ...columns, hash, eventId, state: state === null ? undefined : readState(columns, state) };
}

function readState({ id, version }: Pick<ViewRow, "id" | "version">, bytes: Uint8Array): PlainObject {
  let cause: unknown;
  try {
    const state = decode(bytes, types);
    if (isPlain(state)) {
      hashes.set(state, hashOf(bytes));
      return state;
    }
  } catch (error) {
    cause = error;
  }
  throw new DriftError({ id, version, found: "unreadable" }, { cause });
}

/** Whether a row is still the view that its writer knew, without decoding its state. */
export function isRowOf(row: ViewRow, view: View): boolean {
  const { version, head, changed, at, by, event, schema, digest, since, state } = row;
  const facts = [head, at, by, event, digest];
  const wanted = [view.hash, view.at, view.by, view.eventId, view.digest];
  const same = facts.every((fact, i) => fact === wanted[i]);
  const counts = version === view.version && changed === view.changed && schema === view.schema;
  if (!same || !counts || since !== view.since) return false;
  if (state === null || view.state === undefined) return state === null && view.state === undefined;
  return hashes.get(view.state) === hashOf(state);
}
