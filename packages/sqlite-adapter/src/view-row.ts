import { DriftError, decode, encode, isPlain, type PlainObject, type View } from "@everdraft/core/adapter";
import { types } from "./capabilities.ts";
import type { Database } from "./database.ts";
import type { Bound } from "./engine.ts";
import { idText } from "./id-text.ts";
import { insertInto, quote } from "./tables.ts";

/**
 * A view as its table holds it. A deleted document's has no state: its row stays, so that a late writer
 * cannot bring it back.
 */
export interface ViewRow {
  readonly id: string;
  readonly version: number;
  readonly at: number;
  readonly by: string;
  readonly event: string;
  readonly schema: number;
  readonly head: string;
  readonly digest: string;
  readonly since: number;
  readonly state: Uint8Array | null;
}

/** The columns, in the order of `viewValues`. */
export const viewColumns = 'id, version, at, "by", event, schema, head, digest, since, state' as const;

/** What is bound to store a view. */
export function viewValues(view: View): readonly Bound[] {
  const { version, at, by, eventId, schema, head, digest, since, state } = view;
  const bytes = state === undefined ? null : encode(state, types);
  return [idText(view.id), version, at, idText(by), eventId, schema, head, digest, since, bytes];
}

/** The view of a row. Throws DriftError where its state cannot be read. */
export function viewOf({ event, state, ...columns }: ViewRow): View {
  return { ...columns, eventId: event, state: state === null ? undefined : readState(columns, state) };
}

function readState({ id, version }: Pick<ViewRow, "id" | "version">, bytes: Uint8Array): PlainObject {
  let cause: unknown;
  try {
    const state = decode(bytes, types);
    if (isPlain(state)) return state;
  } catch (error) {
    cause = error;
  }
  const message = `The view of document ${JSON.stringify(id)}, version ${version}, holds bytes that are no state: somebody wrote to it directly, or the file is damaged. repair rewrites it from the log.`;
  throw new DriftError(message, { id, version }, { cause });
}

/** Writes the values of a view over those of a lower version, or over any. */
export type ViewWriter = (values: readonly Bound[], over: "lower" | "any") => void;

/**
 * The statements that write views, for the table's own store and for the commit, which writes events and
 * views together.
 */
export function viewWriter(database: Database, table: string): ViewWriter {
  const rest = ["version", "at", '"by"', "event", "schema", "head", "digest", "since", "state"];
  const upsert = `INSERT ${insertInto(table, viewColumns)}
ON CONFLICT (id) DO UPDATE SET ${rest.map((column) => `${column} = excluded.${column}`).join(", ")}`;
  const overAny = database.prepare(upsert);
  const overLower = database.prepare(`${upsert} WHERE excluded.version > ${quote(table)}.version`);
  return (values, over) => {
    (over === "any" ? overAny : overLower).run(...values);
  };
}
