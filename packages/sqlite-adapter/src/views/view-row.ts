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

/** The columns beside the state. */
export const factColumns: readonly string[] = viewColumns.split(", ").slice(0, -1);

/** The values to bind to store a view. */
export function viewValues(view: View): readonly Bound[] {
  const { version, hash: head, changed, at, by, eventId, schema, digest, since } = view;
  const bytes = stateBytesOf(view, types) ?? null;
  return [idText(view.id), version, head, changed, at, idText(by), eventId, schema, digest, since, bytes];
}

/** The view of a row, which carries the bytes of its state. Throws DriftError where its state cannot be read. */
export function viewOfRow(row: ViewRow): View {
  const { state: bytes } = row;
  return bytes === null ? factsAnd(row, undefined) : carryBytes(factsAnd(row, readState(row, bytes)), bytes);
}

// named one by one: copying all other fields of a row takes longer than reading it
function factsAnd(row: Omit<ViewRow, "state">, state: PlainObject | undefined): View {
  const { id, version, head: hash, changed, at, by, event: eventId, schema, digest, since } = row;
  return { id, version, hash, changed, at, by, eventId, schema, digest, since, state };
}

/**
 * The views of rows that were read as one, in the order of their places: the place, the length of the state and the facts
 * of each as a list in JSON, and the states one behind the other. Only those that are asked for are decoded. Throws
 * DriftError where a state cannot be read.
 */
export function viewsTogether(
  { facts, states }: { readonly facts: string; readonly states: Uint8Array | null },
  isWanted: (row: Pick<ViewRow, "schema">) => boolean,
): readonly View[] {
  // the list is of the statement's own making
  const rows = JSON.parse(facts) as readonly Facts[];
  const bytes = states ?? noBytes;
  const views: View[] = [];
  let end = 0;
  for (const [place, length, id, version, head, changed, at, by, event, schema, digest, since] of rows) {
    const state = bytes.subarray(end, end + length);
    end += length;
    if (!isWanted({ schema })) continue;
    const found = { id, version, head, changed, at, by, event, schema, digest, since };
    views[place] = carryBytes(factsAnd(found, readState(found, state)), state);
  }
  // without those that are not there
  return views.filter(() => true);
}

/** The place of a row, the length of its state, and its facts in the order of the columns. */
type Facts = readonly [
  place: number,
  length: number,
  id: string,
  version: number,
  head: string,
  changed: number,
  at: number,
  by: string,
  event: string,
  schema: number,
  digest: string,
  since: number,
];

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
export function isUnchangedRow(row: ViewRow): boolean {
  const { version, head: hash, changed, at, by, event: eventId, schema, since, state, digest } = row;
  const facts = { version, hash, changed, at, by, eventId, schema, since };
  return digestOfFacts(facts, state ?? noBytes, types) === digest;
}

const noBytes = new Uint8Array();
