import {
  carryBytes,
  DriftError,
  decode,
  digestOfFacts,
  isPlain,
  type PlainObject,
  stateBytesOf,
  type View,
} from "@everdraft/core/adapter";
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

/** The values to bind to store a view. */
export function viewValues(view: View): readonly Bound[] {
  const { version, hash: head, changed, at, by, eventId, schema, digest, since } = view;
  const bytes = stateBytesOf(view, types) ?? null;
  return [idText(view.id), version, head, changed, at, idText(by), eventId, schema, digest, since, bytes];
}

/** The view of a row. Throws DriftError where its state cannot be read. */
export function viewOfRow({ head: hash, event: eventId, state, ...columns }: ViewRow): View {
  if (state === null) return { ...columns, hash, eventId, state: undefined };
  return carryBytes({ ...columns, hash, eventId, state: readState(columns, state) }, state);
}

function readState({ id, version }: Pick<ViewRow, "id" | "version">, bytes: Uint8Array): PlainObject {
  let cause: unknown;
  try {
    const state = decode(bytes, types);
    if (isPlain(state)) return state;
  } catch (error) {
    cause = error;
  }
  throw new DriftError({ id, version, found: "unreadable" }, { cause });
}

/** Whether nobody changed a row since the library wrote it: told by its digest, without decoding its state. */
export function isUnchangedRow({ head: hash, event: eventId, state, digest, ...facts }: ViewRow): boolean {
  return digestOfFacts({ ...facts, hash, eventId }, state ?? noBytes, types) === digest;
}

const noBytes = new Uint8Array();
