import type { ViewStore } from "@everdraft/core/adapter";
import { capabilities } from "../capabilities.ts";
import type { Connection } from "../engine/connection.ts";
import { idText } from "../id-text.ts";
import { candidatesOf } from "../indexes/candidates.ts";
import type { TableNames } from "../tables.ts";
import { countViews, explainViews, findViews } from "./find-views.ts";
import { viewReader } from "./view-reader.ts";
import { prepareView, viewWriter } from "./view-writer.ts";
import { writeView, writeViews } from "./write-views.ts";

/**
 * The views in SQLite. It answers these by itself and reads no more than the answer: a filter of nothing but conditions on
 * `_id` with texts ($eq, $in, $gt, $gte, $lt, $lte), the empty filter included, unless there is a sort; and the count of
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
  return {
    get: (ids, call) => connection.step("read views", call, () => ids.map((id) => reader.get(idText(id)))),
    write: (view, over, { timeoutMs }) =>
      connection.run("write a view", { timeoutMs }, (steps) =>
        writeView({ database, writer }, prepareView(view), over, steps),
      ),
    writeMany: async (views, { timeoutMs }) => {
      const prepared = views.map(prepareView);
      return connection.run("write views", { timeoutMs }, (steps) =>
        writeViews({ database, writer }, prepared, steps),
      );
    },
    find: (query, call) => connection.run("find documents", call, (steps) => findViews(views, query, steps)),
    count: (filter, call, schema) =>
      connection.run("count documents", call, (steps) => countViews(views, filter, schema, steps)),
    explain: (query, call) => connection.step("explain a find", call, () => explainViews(views, query)),
  };
}
