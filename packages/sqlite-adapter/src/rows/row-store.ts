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
import { candidatesOf } from "../indexes/candidates.ts";
import { countByIndex, explainFind, findByIndex, type Searched } from "../indexes/find-by-index.ts";
import type { Indexed } from "../indexes/index-registry.ts";
import { type RowReader, rowReader } from "./row-reader.ts";
import { rowTables } from "./row-tables.ts";
import { type PreparedRows, prepareRowSet, rowWriter } from "./row-writer.ts";

/** How many rows a scan reads at most before it lets others run. */
const pageSize = 200;

/**
 * The rows of a projection in SQLite, replaced in one transaction. A find goes by an index where one helps. Else it reads all
 * of them (without a sort, those behind where it begins), 200 at a time, of which no more than the answer is kept.
 */
export function sqliteRows(connection: Connection, over: Indexed): RowStore {
  const database = connection.database();
  const reader = rowReader(database, rowTables(over.collection, over.rows));
  const replace = rowWriter(database, over);
  const byIndex: Searched<Row> = {
    database,
    candidatesOf: candidatesOf(database, over),
    read: (ids) => ids.flatMap((id) => reader.get(id) ?? []),
    kinds: [stringId],
  };
  /** The write of a document's rows, within a transaction. */
  const replacing = (rows: PreparedRows, over: "lower" | "any") => (): RowOutcome => {
    replace(rows, over);
    return "current";
  };
  return {
    get: (docs, call) => connection.each("read rows", call, docs, reader.ofDocument),
    write: async (set, over, { timeoutMs }) => {
      const write = replacing(prepareRowSet(set), over);
      return connection.run("write rows", { timeoutMs }, (steps) => writeOrRefuse(database, steps, write));
    },
    writeMany: async (sets, { timeoutMs }) => {
      return connection.run("write rows", { timeoutMs }, (steps) =>
        writeEachOrRefuse(database, steps, sets, (set) => replacing(prepareRowSet(set), "lower")),
      );
    },
    find: (query, call) =>
      connection.run("find rows", call, (steps) =>
        findByIndex(byIndex, query, steps, (asked) => scan(reader, asked, steps)),
      ),
    byId: (ids, call) => connection.each("read rows", call, ids, reader.get),
    count: (filter, call) =>
      connection.run("count rows", call, (steps) =>
        countByIndex(byIndex, { filter }, steps, () =>
          countByScan(() => reader.scan("", pageSize, steps), filter),
        ),
      ),
    explain: (query, call) => connection.step("explain a find", call, () => explainFind(byIndex, query)),
    documents: ({ after, limit }, call) =>
      connection.step("list documents with rows", call, () =>
        reader.documents(after === undefined ? "" : idText(after), limit),
      ),
  };
}

function scan(reader: RowReader, query: FindQuery, steps: Steps): Promise<readonly Row[]> {
  const { filter, sort, after, limit } = query;
  // without a sort rows come in the order of ids, so those given before need not be read again
  const from = sort.length === 0 && after !== undefined ? String(after.id) : "";
  const isWhole = sort.length === 0 && Object.keys(filter).length === 0;
  const size = isWhole ? Math.min(limit, pageSize) : pageSize;
  return findByScan(() => reader.scan(from, size, steps), query, [stringId]);
}
