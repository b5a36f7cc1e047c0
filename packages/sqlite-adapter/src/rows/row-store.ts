import {
  ConstraintError,
  countByScan,
  decode,
  type FindQuery,
  findByScan,
  isPlain,
  type PlainObject,
  type Row,
  type RowOutcome,
  type RowSet,
  type RowStore,
  stringId,
} from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Connection, Steps } from "../engine/connection.ts";
import { idText } from "../id-text.ts";
import { quote } from "../tables.ts";
import type { RowTables } from "./row-tables.ts";
import { type PreparedRows, prepareRowSet, rowWriter } from "./row-writer.ts";

/** How many rows a scan reads before it lets others run. */
const pageSize = 200;

interface TableRow {
  readonly id: string;
  readonly doc: string;
  readonly version: number;
  readonly state: Uint8Array;
}

/**
 * The rows of a projection in SQLite, replaced in one transaction. A find reads all of them (without a sort, those behind where
 * it begins), 200 at a time, of which no more than the answer is kept.
 */
export function sqliteRows(connection: Connection, tables: RowTables): RowStore {
  const { rows, documents } = tables;
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
  const replace = rowWriter(database, tables);

  /** All of them in one transaction, or none. */
  const writeAll = async (
    sets: readonly PreparedRows[],
    over: "lower" | "any",
    { attempt }: Steps,
  ): Promise<RowOutcome> => {
    try {
      await attempt(() =>
        database.transaction(() => {
          for (const set of sets) replace(set, over);
        }),
      );
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
      connection.run("write rows", { timeoutMs }, (steps) => writeAll([prepareRowSet(set)], over, steps)),
    writeMany: async (sets, { timeoutMs }) => {
      const values = sets.map(prepareRowSet);
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
