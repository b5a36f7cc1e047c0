import {
  ConstraintError,
  countByScan,
  decode,
  encode,
  type FindQuery,
  findByScan,
  isPlain,
  type PlainObject,
  type Row,
  type RowOutcome,
  type RowSet,
  type RowStore,
  rowId,
  stringId,
} from "@everdraft/core/adapter";
import { types } from "./capabilities.ts";
import type { Connection, Steps } from "./connection.ts";
import type { Database } from "./database.ts";
import type { Bound } from "./engine.ts";
import { idText } from "./id-text.ts";
import { insertInto, quote } from "./tables.ts";

/** How many rows a scan reads before it lets others run. */
const pageSize = 200;

interface TableRow {
  readonly id: string;
  readonly doc: string;
  readonly version: number;
  readonly state: Uint8Array;
}

/** The tables of the rows of a projection: the rows, and up to where those of each document are. */
export interface RowTables {
  readonly rows: string;
  readonly documents: string;
}

/** The names of the tables for the rows of this name. */
export function rowTables(collection: string, name: string): RowTables {
  const rows = `${collection}.rows.${name}`;
  return { rows, documents: `${rows}.documents` };
}

const docIndex = ({ rows }: RowTables): string => `${rows}.doc`;

function rowStatements(tables: RowTables): readonly string[] {
  const { rows, documents } = tables;
  return [
    `CREATE TABLE IF NOT EXISTS ${quote(rows)} (
  id TEXT PRIMARY KEY NOT NULL, doc TEXT NOT NULL, version INTEGER NOT NULL, state BLOB NOT NULL
) STRICT`,
    `CREATE INDEX IF NOT EXISTS ${quote(docIndex(tables))} ON ${quote(rows)} (doc)`,
    `CREATE TABLE IF NOT EXISTS ${quote(documents)} (doc TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL) STRICT`,
  ];
}

/** Makes them where the file does not have them. One that has them is only read. */
export function prepareRows(database: Database, tables: RowTables): void {
  const found = database
    .prepare<{ found: number }>("SELECT count(*) AS found FROM sqlite_schema WHERE name IN (?, ?, ?)")
    .get(tables.rows, tables.documents, docIndex(tables))?.found;
  if (found === 3) return;
  database.transaction(() => {
    for (const statement of rowStatements(tables)) database.execute(statement);
  });
}

/**
 * The rows of a projection in SQLite, replaced in one transaction. A find reads all of them (without a sort, those behind where
 * it begins), 200 at a time, of which no more than the answer is kept.
 */
export function sqliteRows(connection: Connection, { rows, documents }: RowTables): RowStore {
  const database = connection.database();
  const select = `SELECT id, doc, version, state FROM ${quote(rows)}`;
  const ofDocument = database.prepare<TableRow>(`${select} WHERE doc = ? ORDER BY id`);
  const byId = database.prepare<TableRow>(`${select} WHERE id = ?`);
  const behind = database.prepare<TableRow>(`${select} WHERE id > ? ORDER BY id LIMIT ?`);
  const versionOf = database.prepare<{ version: number }>(
    `SELECT version FROM ${quote(documents)} WHERE doc = ?`,
  );
  const page = database.prepare<{ doc: string }>(
    `SELECT doc FROM ${quote(documents)} WHERE doc > ? ORDER BY doc LIMIT ?`,
  );
  const setVersion = database.prepare(`INSERT OR REPLACE ${insertInto(documents, "doc, version")}`);
  const insert = database.prepare(`INSERT ${insertInto(rows, "id, doc, version, state")}`);
  const remove = database.prepare(`DELETE FROM ${quote(rows)} WHERE doc = ?`);

  /** All of them in one transaction, or none. */
  const writeAll = async (
    sets: readonly RowValues[],
    over: "lower" | "any",
    { attempt }: Steps,
  ): Promise<RowOutcome> => {
    const replace = ({ doc, version, rows: wanted }: RowValues): void => {
      const found = versionOf.get(doc)?.version;
      if (over === "lower" && found !== undefined && found >= version) return;
      remove.run(doc);
      for (const row of wanted) insert.run(...row);
      setVersion.run(doc, version);
    };
    try {
      await attempt(() => database.transaction(() => sets.forEach(replace)));
      return "current";
    } catch (error) {
      if (error instanceof ConstraintError) return "refused";
      throw error;
    }
  };

  /** All behind an id, so many at a time at most. */
  async function* scan(from: string, size: number, steps: Steps): AsyncGenerator<readonly Row[]> {
    for (let after = from; ; await steps.pause()) {
      const found = await steps.attempt(() => behind.all(after, size).map(rowOf));
      yield found;
      const last = found.at(-1);
      if (last === undefined || found.length < size) return;
      after = last.id;
    }
  }

  const find = (query: FindQuery, steps: Steps): Promise<readonly Row[]> => {
    const { filter, sort, after, limit } = query;
    // without a sort rows come in the order of ids, so what was given before need not be read again
    const from = sort.length === 0 && after !== undefined ? String(after.id) : "";
    const isWhole = sort.length === 0 && Object.keys(filter).length === 0;
    const size = isWhole ? Math.min(limit, pageSize) : pageSize;
    return findByScan(() => scan(from, size, steps), query, [stringId]);
  };

  return {
    get: (docs, call) =>
      connection.step("read rows", call, () =>
        docs.map((doc): RowSet | undefined => {
          const version = versionOf.get(idText(doc))?.version;
          if (version === undefined) return undefined;
          return { doc, version, rows: ofDocument.all(idText(doc)).map((row) => rowOf(row).state) };
        }),
      ),
    write: (set, over, { timeoutMs }) =>
      connection.run("write rows", { timeoutMs }, (steps) => writeAll([rowValues(set)], over, steps)),
    writeMany: async (sets, { timeoutMs }) => {
      const values = sets.map(rowValues);
      return connection.run("write rows", { timeoutMs }, async (steps) => {
        if ((await writeAll(values, "lower", steps)) === "current") return values.map(() => "current");
        // what somebody added to the table refuses those of one document
        const outcomes: RowOutcome[] = [];
        for (const one of values) outcomes.push(await writeAll([one], "lower", steps));
        return outcomes;
      });
    },
    find: (query, call) => connection.run("find rows", call, (steps) => find(query, steps)),
    byId: (ids, call) =>
      connection.step("read rows", call, () =>
        ids.map((id) => {
          const row = byId.get(id);
          return row && rowOf(row);
        }),
      ),
    count: (filter, call) =>
      connection.run("count rows", call, (steps) => countByScan(() => scan("", pageSize, steps), filter)),
    documents: ({ after, limit }, call) =>
      connection.step("list documents with rows", call, () =>
        page.all(after === undefined ? "" : idText(after), limit).map(({ doc }) => doc),
      ),
  };
}

/** The rows of a document as they are bound. */
interface RowValues {
  readonly doc: string;
  readonly version: number;
  readonly rows: readonly (readonly Bound[])[];
}

function rowValues({ doc, version, rows }: RowSet): RowValues {
  const text = idText(doc);
  const bound = rows.map((row, place) => [rowId(doc, place), text, version, encode(row, types)]);
  return { doc: text, version, rows: bound };
}

function rowOf({ state, ...columns }: TableRow): Row {
  return { ...columns, state: stateOf(state) };
}

/** What cannot be read counts as an empty row: verify finds it, and a rebuild makes it anew. */
function stateOf(bytes: Uint8Array): PlainObject {
  try {
    const state = decode(bytes, types);
    return isPlain(state) ? state : {};
  } catch {
    return {};
  }
}
