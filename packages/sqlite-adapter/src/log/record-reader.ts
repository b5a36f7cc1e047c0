import { type RecordBytes, readSearched } from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { piece } from "../engine/piece.ts";
import { quote, type TableNames } from "../tables.ts";
import { checkColumns } from "./event-row.ts";

/** How many records of a document are read at once. */
const atOnce = 64;

/** The steps of a read. */
type ReadSteps = Pick<Steps, "attempt" | "pause">;

/** Reads records of events without making events of them. Others run in between. */
export interface RecordReader {
  /** The records of versions of a document. `compare` as in the port. */
  range(
    doc: string,
    range: { from: number; to: number; limit: number; compare?: boolean },
    steps: ReadSteps,
  ): Promise<RecordBytes>;
  /** All records of documents, in the order of the ids; undefined for one in which `compare` finds a difference. */
  many(
    docs: readonly string[],
    compare: boolean,
    steps: ReadSteps,
  ): Promise<readonly (RecordBytes | undefined)[]>;
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
FROM (SELECT * FROM ${table} WHERE doc = ?1 AND version BETWEEN ?2 AND ?3 ORDER BY version LIMIT ?4 OFFSET ?5)`);
  const manyOf = (compare: boolean) =>
    database.prepare<Joined>(`${joined("doc", compare)}
FROM ${table} WHERE doc IN (SELECT value FROM json_each(?)) GROUP BY doc`);
  const ranges = { compared: rangeOf(true), plain: rangeOf(false) };
  const manys = { compared: manyOf(true), plain: manyOf(false) };

  return {
    range: async (doc, { from, to, limit, compare = false }, { attempt, pause }) => {
      const read = compare ? ranges.compared : ranges.plain;
      const parts: RecordBytes[] = [];
      // a log only grows at its end, and two records of one version are both wanted
      for (let found = 0; ; await pause()) {
        const size = Math.min(atOnce, limit - found);
        const part = await attempt(() => checked(read.get(doc, from, to, size, found)));
        parts.push(part);
        found += part.ends.length;
        if (part.ends.length < size || found === limit) return together(parts);
      }
    },
    many: async (docs, compare, { attempt, pause }) => {
      const read = compare ? manys.compared : manys.plain;
      const found = new Map<string, RecordBytes | undefined>();
      for (let rest = docs; ; await pause()) {
        const { made, isLast } = await attempt(() =>
          piece(read.each(JSON.stringify(rest)), (row) => [row.doc, checkedOrNothing(row)] as const),
        );
        for (const [doc, records] of made) found.set(doc, records);
        if (isLast) break;
        rest = rest.filter((doc) => !found.has(doc));
      }
      return docs.map((doc) => (found.has(doc) ? found.get(doc) : none));
    },
  };
}

const none: RecordBytes = { bytes: new Uint8Array(), ends: [] };

/** Records in parts as one. */
function together(parts: readonly RecordBytes[]): RecordBytes {
  const [first = none] = parts;
  if (parts.length <= 1) return first;
  const ends: number[] = [];
  let length = 0;
  for (const part of parts) {
    for (const end of part.ends) ends.push(length + end);
    length += part.bytes.length;
  }
  return { bytes: Buffer.concat(parts.map(({ bytes }) => bytes)), ends };
}

/** Throws CorruptEventError, FormatTooNewError. */
function checked(row: Joined | undefined): RecordBytes {
  if (row === undefined || row.bytes === null || row.lengths === null) return none;
  const { doc, bytes, lengths, columns } = row;
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
