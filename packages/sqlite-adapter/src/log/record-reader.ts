import { type RecordBytes, readSearched } from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Database } from "../engine/database.ts";
import { quote, type TableNames } from "../tables.ts";
import { checkColumns } from "./event-row.ts";

/** Reads records of events without making events of them. Within a step. */
export interface RecordReader {
  /** The records of versions of a document. `compare` as in the port. */
  range(doc: string, range: { from: number; to: number; limit: number; compare?: boolean }): RecordBytes;
  /** All records of documents, in the order of the ids; undefined for one in which `compare` finds a difference. */
  many(docs: readonly string[], compare: boolean): readonly (RecordBytes | undefined)[];
}

/** The records of a document as one row: reading many columns is dearer than folding. */
interface Joined {
  readonly doc: string;
  readonly bytes: Uint8Array | null;
  /** Of each record, with commas between; null where there is none. */
  readonly lengths: string | null;
  /** The other columns of each event, as JSON; null where they are not compared. */
  readonly columns: string | null;
}

/** The statements that read records. */
export function recordReader(database: Database, { events }: TableNames): RecordReader {
  const joined = (doc: string, compare: boolean): string => {
    const columns = 'json_group_array(json_array(version, at, "by", key) ORDER BY version)';
    return `SELECT ${doc} AS doc, CAST(group_concat(record, '' ORDER BY version) AS BLOB) AS bytes,
group_concat(length(record) ORDER BY version) AS lengths, ${compare ? columns : "NULL"} AS columns`;
  };
  const table = quote(events);
  const rangeOf = (compare: boolean) =>
    database.prepare<Joined>(`${joined("?1", compare)}
FROM (SELECT * FROM ${table} WHERE doc = ?1 AND version BETWEEN ?2 AND ?3 ORDER BY version LIMIT ?4)`);
  const manyOf = (compare: boolean) =>
    database.prepare<Joined>(`${joined("doc", compare)}
FROM ${table} WHERE doc IN (SELECT value FROM json_each(?)) GROUP BY doc`);
  const ranges = { compared: rangeOf(true), plain: rangeOf(false) };
  const manys = { compared: manyOf(true), plain: manyOf(false) };

  return {
    range: (doc, { from, to, limit, compare = false }) => {
      const row = (compare ? ranges.compared : ranges.plain).get(doc, from, to, limit);
      return row === undefined ? none : checked(row);
    },
    many: (docs, compare) => {
      const rows = (compare ? manys.compared : manys.plain).all(JSON.stringify(docs));
      const found = new Map(rows.map((row) => [row.doc, row]));
      return docs.map((doc) => {
        const row = found.get(doc);
        return row === undefined ? none : checkedOrNothing(row);
      });
    },
  };
}

const none: RecordBytes = { bytes: new Uint8Array(), ends: [] };

/** Throws CorruptEventError, FormatTooNewError. */
function checked({ doc, bytes, lengths, columns }: Joined): RecordBytes {
  if (bytes === null || lengths === null) return none;
  const ends = endsOf(lengths);
  if (columns !== null) {
    const compared: readonly Columns[] = JSON.parse(columns);
    for (const [i, [version, at, by, key]] of compared.entries()) {
      const record = bytes.subarray(ends[i - 1] ?? 0, ends[i]);
      checkColumns(readSearched(record, { doc, version }, types), { doc, version, at, by, key });
    }
  }
  return { bytes, ends };
}

type Columns = readonly [version: number, at: number, by: string, key: string | null];

function checkedOrNothing(row: Joined): RecordBytes | undefined {
  try {
    return checked(row);
  } catch {
    // whoever reads this document alone is told why
    return undefined;
  }
}

/** Where each of so many records ends, from their lengths in a row. */
function endsOf(lengths: string): readonly number[] {
  let end = 0;
  return lengths.split(",").map((length) => {
    end += Number(length);
    return end;
  });
}
