import type { ViewOutcome, ViewStore } from "@everdraft/core/adapter";
import { capabilities } from "../capabilities.ts";
import type { Connection } from "../engine/connection.ts";
import { writeEachOrRefuse, writeOrRefuse } from "../engine/write-or-refuse.ts";
import { idText } from "../id-text.ts";
import { candidatesOf } from "../indexes/candidates.ts";
import type { TableNames } from "../tables.ts";
import { countViews, explainViews, findViews } from "./find-views.ts";
import { viewReader } from "./view-reader.ts";
import { type PreparedView, prepareView, viewWriter } from "./view-writer.ts";

/**
 * The views in SQLite. It answers these by itself and reads no more than the answer: a filter of nothing but conditions on
 * `_id` with texts ($eq, $ne, $in, $nin, $gt, $gte, $lt, $lte), the empty filter included, unless there is a sort; and the count of
 * such a filter. Other filters and sorts go by an index where one helps. Everything else is a scan of all living documents
 * that the conditions on `_id` leave, 200 rows at a time, of which no more than the answer is kept.
 */
export function sqliteViews(connection: Connection, names: TableNames): ViewStore {
  const database = connection.database();
  const reader = viewReader(database, names.views);
  const writer = viewWriter(database, names.views);
  const views = {
    reader,
    byIndex: {
      database,
      candidatesOf: candidatesOf(database, { collection: names.views, rows: "" }),
      read: reader.living,
      kinds: capabilities.idKinds,
    },
  };
  /** The write of a view, within a transaction. */
  const writing = (view: PreparedView, over: "lower" | "any") => (): ViewOutcome => {
    if (over === "lower") return writer.writeOver(view, undefined);
    writer.put(view);
    return "current";
  };
  return {
    get: (ids, call) => connection.each("read views", call, ids, (id) => reader.get(idText(id))),
    slots: (ids, call) => connection.each("read views", call, ids, (id) => reader.slot(idText(id))),
    write: async (view, over, { timeoutMs }) => {
      const write = writing(prepareView(view), over);
      return connection.run("write a view", { timeoutMs }, (steps) => writeOrRefuse(database, steps, write));
    },
    writeMany: async (views, { timeoutMs }) => {
      return connection.run("write views", { timeoutMs }, (steps) =>
        writeEachOrRefuse(database, steps, views, (view) => writing(prepareView(view), "lower")),
      );
    },
    find: (query, call) => connection.run("find documents", call, (steps) => findViews(views, query, steps)),
    count: (filter, call, schema) =>
      connection.run("count documents", call, (steps) => countViews(views, filter, schema, steps)),
    explain: (query, call) => connection.step("explain a find", call, () => explainViews(views, query)),
  };
}
