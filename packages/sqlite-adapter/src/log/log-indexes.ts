import { type ChangeQuery, encode, type LogIndexField, numberOfType } from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Database } from "../engine/database.ts";
import type { Bound } from "../engine/engine.ts";
import { idText } from "../id-text.ts";
import { quote, type TableNames } from "../tables.ts";

/** The fields by which a log may have an index. One act has fewer events than one user, and a user fewer than a type. */
export const logFields: readonly LogIndexField[] = ["act", "by", "type"];

const bytesOf = (text: string): string => `length(CAST(${text} AS BLOB))`;
/** How many bytes the canonical encoding of a text of so many bytes takes: a tag, a length and the text. */
const encoded = (bytes: string): string => `(CASE WHEN ${bytes} < 128 THEN 2 ELSE 3 END + ${bytes})`;
// ids that were made have 26 characters, and no place in the column
const idBytes = `coalesce(${bytesOf("key")}, 26)`;
/** Where the act begins in a record: behind the header's fixed fields, the beginning of its list, doc, by and id. */
const actAt = `63 + ${encoded(bytesOf("doc"))} + ${encoded(bytesOf('"by"'))} + ${encoded(idBytes)}`;
/** Whether the lowest bit of the flags is set. */
const hasAct = "substr(hex(substr(record, 4, 1)), 2, 1) IN ('1', '3', '5', '7', '9', 'B', 'D', 'F')";
/** An act as the library makes them has 26 characters; encoded 28 bytes. */
const actBytes = 28;
const act = `substr(record, ${actAt}, ${actBytes})`;

interface LogIndex {
  /** The indexed expression, and the condition under which an event is in the index. */
  readonly over: string;
  readonly where: string;
  /** The condition of a query, with places for its values. */
  readonly condition: string;
}

const logIndexes: Readonly<Record<LogIndexField, LogIndex>> = {
  act: { over: act, where: hasAct, condition: `${hasAct} AND ${act} = ?` },
  by: { over: '"by"', where: "", condition: '"by" = ?' },
  type: { over: "substr(record, 2, 1)", where: "", condition: "substr(record, 2, 1) = ?" },
};

/** A condition of a query: its text with places for its values, and these. */
export interface Condition {
  readonly field: LogIndexField;
  readonly text: string;
  readonly values: readonly Bound[];
}

/** The conditions of a query, in the order of `logFields`. */
export function conditionsOf({ by, type, act }: ChangeQuery): readonly Condition[] {
  const { by: ofUser, type: ofType } = logIndexes;
  return [
    ...(act === undefined ? [] : [actCondition(encode(act, types))]),
    ...(by === undefined ? [] : [{ field: "by", text: ofUser.condition, values: [idText(by)] } as const]),
    ...(type === undefined
      ? []
      : [{ field: "type", text: ofType.condition, values: [Uint8Array.of(numberOfType(type))] } as const]),
  ];
}

function actCondition(bytes: Uint8Array): Condition {
  if (bytes.length === actBytes) return { field: "act", text: logIndexes.act.condition, values: [bytes] };
  return {
    field: "act",
    text: `${hasAct} AND substr(record, ${actAt}, ?) = ?`,
    values: [bytes.length, bytes],
  };
}

/** The name of an index over the log in its file. */
export function logIndexName({ events }: Pick<TableNames, "events">, field: LogIndexField): string {
  return `${events}.${field}`;
}

/** Reads which indexes the log has. Within a step. */
export function logIndexesOf(database: Database, names: TableNames): () => ReadonlySet<LogIndexField> {
  const select = database.prepare<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?",
  );
  return () => {
    const found = new Set(select.all(names.events).map(({ name }) => name));
    return new Set(logFields.filter((field) => found.has(logIndexName(names, field))));
  };
}

/** Makes an index over the log. Within a step. */
export function makeLogIndex(database: Database, names: TableNames, field: LogIndexField): void {
  const { over, where } = logIndexes[field];
  database.execute(
    `CREATE INDEX IF NOT EXISTS ${quote(logIndexName(names, field))} ON ${quote(names.events)} (${over}, at, doc, version)${where === "" ? "" : ` WHERE ${where}`}`,
  );
}

/** The condition whose index answers a query; undefined where there is none. */
export function indexedCondition(
  conditions: readonly Condition[],
  found: ReadonlySet<LogIndexField>,
): Condition | undefined {
  return conditions.find(
    ({ field, values: [value] }) =>
      // an act of another length is not in the index as a whole
      found.has(field) && (field !== "act" || value instanceof Uint8Array),
  );
}
