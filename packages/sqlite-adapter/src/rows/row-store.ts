import {
  countByScan,
  type FindQuery,
  findByScan,
  type Row,
  type RowOutcome,
  type RowStore,
  stringId,
} from "@everdraft/core/adapter";
import type { Connection, Steps } from "../engine/connection.ts";
import { writeEachOrRefuse, writeOrRefuse } from "../engine/write-or-refuse.ts";
import { idText } from "../id-text.ts";
import { type RowReader, rowReader } from "./row-reader.ts";
import type { RowTables } from "./row-tables.ts";
import { type PreparedRows, prepareRowSet, rowWriter } from "./row-writer.ts";

/** How many rows a scan reads before it lets others run. */
const pageSize = 200;

/**
 * The rows of a projection in SQLite, replaced in one transaction. A find reads all of them (without a sort, those behind where
 * it begins), 200 at a time, of which no more than the answer is kept.
 */
export function sqliteRows(connection: Connection, tables: RowTables): RowStore {
  const database = connection.database();
  const reader = rowReader(database, tables);
  const replace = rowWriter(database, tables);
  /** The write of a document's rows, within a transaction. */
  const replacing = (rows: PreparedRows, over: "lower" | "any") => (): RowOutcome => {
    replace(rows, over);
    return "current";
  };
  return {
    get: (docs, call) => connection.step("read rows", call, () => docs.map(reader.ofDocument)),
    write: async (set, over, { timeoutMs }) => {
      const write = replacing(prepareRowSet(set), over);
      return connection.run("write rows", { timeoutMs }, (steps) => writeOrRefuse(database, steps, write));
    },
    writeMany: async (sets, { timeoutMs }) => {
      const writes = sets.map((set) => replacing(prepareRowSet(set), "lower"));
      return connection.run("write rows", { timeoutMs }, (steps) =>
        writeEachOrRefuse(database, steps, writes),
      );
    },
    find: (query, call) => connection.run("find rows", call, (steps) => find(reader, query, steps)),
    byId: (ids, call) => connection.step("read rows", call, () => ids.map(reader.get)),
    count: (filter, call) =>
      connection.run("count rows", call, (steps) =>
        countByScan(() => reader.scan("", pageSize, steps), filter),
      ),
    documents: ({ after, limit }, call) =>
      connection.step("list documents with rows", call, () =>
        reader.documents(after === undefined ? "" : idText(after), limit),
      ),
  };
}

function find(reader: RowReader, query: FindQuery, steps: Steps): Promise<readonly Row[]> {
  const { filter, sort, after, limit } = query;
  // without a sort rows come in the order of ids, so those given before need not be read again
  const from = sort.length === 0 && after !== undefined ? String(after.id) : "";
  const isWhole = sort.length === 0 && Object.keys(filter).length === 0;
  const size = isWhole ? Math.min(limit, pageSize) : pageSize;
  return findByScan(() => reader.scan(from, size, steps), query, [stringId]);
}
