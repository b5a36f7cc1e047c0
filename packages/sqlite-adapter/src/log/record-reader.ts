import { type RecordBytes, readSearched } from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { joinedOrEach } from "../engine/joined-or-each.ts";
import { piece } from "../engine/piece.ts";
import { quote, type TableNames } from "../tables.ts";
import { checkColumns, type EventColumns, type EventRow, eventColumns } from "./event-row.ts";

/** How many bytes of records are held where they are read one by one. */
const mostHeld = 128 * 1024 * 1024;

/** How many bytes of records of one document, and of several, are read together with others. */
const mostTogether = { ofOne: 1024 * 1024, ofAll: 32 * 1024 * 1024 };

/** A range of versions, as the port asks for records. */
interface RecordRange {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly compare?: boolean;
}

/** How many records of a document are read at once. */
const atOnce = 64;

/** The steps of a read. */
type ReadSteps = Pick<Steps, "attempt" | "pause">;

/** Reads records of events without making events of them. Others run in between. */
export interface RecordReader {
  /** The records of versions of a document. `compare` as in the port. */
  range(doc: string, range: RecordRange, steps: ReadSteps): Promise<RecordBytes>;
  /**
   * All records of documents, in the order of the ids; undefined for one in which `compare` finds a difference, and for
   * those that are too heavy to be read together.
   */
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
export function recordReader(
  database: Database,
  { events }: TableNames,
  heldBytes: number = mostHeld,
): RecordReader {
  const table = quote(events);
  return { range: rangeReader(database, table, heldBytes), many: manyReader(database, table) };
}

/**
 * The joined records, of a column that names their document. They come in the order in which the table behind FROM gives
 * them: with an ORDER BY of its own each aggregate would sort them once more, at two thirds of the whole cost. SQLite promises
 * no order then, so a fold checks it: it takes a record only behind the one before.
 */
function joined(doc: string, compare: boolean): string {
  const columns = 'json_group_array(json_array(version, at, "by", key))';
  return `SELECT ${doc} AS doc, CAST(group_concat(record, '') AS BLOB) AS bytes,
group_concat(length(record)) AS lengths, ${compare ? columns : "NULL"} AS columns`;
}

function rangeReader(database: Database, table: string, heldBytes: number): RecordReader["range"] {
  const joinedOf = (compare: boolean) =>
    database.prepare<Joined>(`${joined("?1", compare)}
FROM (SELECT * FROM ${table} WHERE doc = ?1 AND version BETWEEN ?2 AND ?3 ORDER BY version LIMIT ?4 OFFSET ?5)`);
  const [compared, plain] = [joinedOf(true), joinedOf(false)];
  const inRange = `FROM ${table} WHERE doc = ? AND version BETWEEN ? AND ? ORDER BY version LIMIT ? OFFSET ?`;
  const rowsOf = database.prepare<EventRow>(`SELECT ${eventColumns} ${inRange}`);
  const lengthsOf = database.prepare<{ length: number }>(`SELECT length(record) AS length ${inRange}`);

  /** The records read one by one; the first of them where all are too many bytes to hold. */
  const each = (doc: string, { from, to, limit, compare = false }: RecordRange, skipped: number) => {
    const lengths = lengthsOf.all(doc, from, to, limit, skipped).map(({ length }) => length);
    const most = mostWithin(lengths, heldBytes);
    const rows = rowsOf.all(doc, from, to, most, skipped);
    if (compare) for (const { record, ...columns } of rows) checkSearched(record, columns);
    const [bytes, ends] = [Buffer.concat(rows.map(({ record }) => record)), endsOf(lengths.slice(0, most))];
    return { bytes, ends, isCut: most < lengths.length };
  };

  return async (doc, range, { attempt, pause }) => {
    const { from, to, limit, compare = false } = range;
    const read = compare ? compared : plain;
    const parts: RecordBytes[] = [];
    // a log only grows at its end, and two records of one version are both wanted
    for (let [found, bytes] = [0, 0]; ; await pause()) {
      const size = Math.min(atOnce, limit - found);
      const part = await attempt(() =>
        joinedOrEach<RecordBytes>(
          () => checked(read.get(doc, from, to, size, found)),
          () => each(doc, { from, to, limit: size, compare }, found),
        ),
      );
      parts.push(part);
      found += part.ends.length;
      bytes += part.bytes.length;
      if (part.isCut === true) return together(parts, true);
      if (part.ends.length < size || found === limit) return together(parts, false);
      if (bytes > heldBytes) return together(parts, true);
    }
  };
}

function manyReader(database: Database, table: string): RecordReader["many"] {
  const ofThese = `FROM ${table} WHERE doc IN (SELECT value FROM json_each(?)) GROUP BY doc`;
  // the lengths stand in the heads of rows, so that no record is read for them
  const weightsOf = database.prepare<{ doc: string; bytes: number }>(
    `SELECT doc, sum(length(record)) AS bytes ${ofThese}`,
  );
  // the limit keeps the order of the inner SELECT, which else is left out
  const joinedOf = (compare: boolean) =>
    database.prepare<Joined>(`${joined("doc", compare)}
FROM (SELECT * FROM ${table} WHERE doc IN (SELECT value FROM json_each(?)) ORDER BY doc, version LIMIT -1) GROUP BY doc`);
  const [compared, plain] = [joinedOf(true), joinedOf(false)];

  return async (docs, compare, { attempt, pause }) => {
    const read = compare ? compared : plain;
    const weighed = await attempt(() => weightsOf.all(JSON.stringify(docs)));
    const light = lightOf(docs, new Map(weighed.map(({ doc, bytes }) => [doc, bytes])));
    const found = new Map<string, RecordBytes | undefined>();
    for (let rest = [...light]; ; await pause()) {
      const { made, isLast } = await attempt(() =>
        piece(read.each(JSON.stringify(rest)), (row) => [row.doc, checkedOrNothing(row)] as const),
      );
      for (const [doc, records] of made) found.set(doc, records);
      if (isLast) break;
      rest = rest.filter((doc) => !found.has(doc));
    }
    return docs.map((doc) => (found.has(doc) || !light.has(doc) ? found.get(doc) : none));
  };
}

const none: RecordBytes = { bytes: new Uint8Array(), ends: [] };

/** Records in parts as one. */
function together(parts: readonly RecordBytes[], isCut: boolean): RecordBytes {
  const [first = none] = parts;
  if (parts.length <= 1) return { bytes: first.bytes, ends: first.ends, isCut };
  const ends: number[] = [];
  let length = 0;
  for (const part of parts) {
    for (const end of part.ends) ends.push(length + end);
    length += part.bytes.length;
  }
  return { bytes: Buffer.concat(parts.map(({ bytes }) => bytes)), ends, isCut };
}

/** Throws CorruptEventError, FormatTooNewError. */
function checked(row: Joined | undefined): RecordBytes {
  if (row === undefined || row.bytes === null || row.lengths === null) return none;
  const { doc, bytes, lengths, columns } = row;
  const ends = endsOf(lengths.split(",").map(Number));
  if (columns !== null) {
    const compared: readonly Columns[] = JSON.parse(columns);
    for (const [i, [version, at, by, key]] of compared.entries()) {
      const record = bytes.subarray(ends[i - 1] ?? 0, ends[i]);
      checkSearched(record, { doc, version, at, by, key });
    }
  }
  return { bytes, ends };
}

/** The first documents that are light enough to be read together. */
function lightOf(docs: readonly string[], weights: ReadonlyMap<string, number>): ReadonlySet<string> {
  const { ofOne, ofAll } = mostTogether;
  let sum = 0;
  return new Set(
    docs.filter((doc) => {
      const bytes = weights.get(doc) ?? 0;
      if (bytes > ofOne || sum + bytes > ofAll) return false;
      sum += bytes;
      return true;
    }),
  );
}

/** How many of these lengths, at least two, are no more than so many bytes together. */
function mostWithin(lengths: readonly number[], bytes: number): number {
  let [count, sum] = [0, 0];
  for (const length of lengths) {
    sum += length;
    if (count >= 2 && sum > bytes) break;
    count++;
  }
  return count;
}

/** Throws CorruptEventError where the columns that are searched for differ from the record. */
function checkSearched(record: Uint8Array, columns: EventColumns): void {
  checkColumns(readSearched(record, columns, types), columns);
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

/** Where each of so many records ends, from their lengths. */
function endsOf(lengths: readonly number[]): readonly number[] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end;
  });
}
