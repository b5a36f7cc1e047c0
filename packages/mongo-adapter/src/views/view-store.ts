import { idKey, type View, type ViewStore } from "@everdraft/core/adapter";
import { idOf } from "../bson/id-kinds.ts";
import type { Connection } from "../connection/connection.ts";
import type { Document } from "../connection/driver.ts";
import { refusalOf, suspectedRefusal } from "../errors/refusals.ts";
import { options } from "../log/event-log.ts";
import { explainFind } from "./explain.ts";
import { findPage, joined, schemaCondition } from "./find.ts";
import { slotOfDocument, viewOfDocument } from "./view-document.ts";
import type { Views } from "./view-steps.ts";
import { followViews, putView } from "./view-writes.ts";

/** The views in MongoDB: the user's own collection. Finds and counts are the server's own. */
export function mongoViews(connection: Connection, views: Views): ViewStore {
  return {
    get: (ids, call) =>
      connection.run("read views", call, async (deadline) => {
        const [only] = ids;
        if (only === undefined) return [];
        const _id = ids.length === 1 ? only : { $in: [...ids] };
        const found = await views.find({ _id }, options(deadline)).toArray();
        const byKey = new Map(
          found.flatMap((document) => {
            const view = viewOfDocument(document);
            return view === undefined ? [] : [[idKey(view.id), view] as const];
          }),
        );
        return ids.map((id) => byKey.get(idKey(id)));
      }),
    slots: (ids, call) =>
      connection.run("read views", call, async (deadline) => {
        const projection = { "_everdraft.version": 1, "_everdraft.head": 1 };
        const filter = { _id: { $in: [...ids] } };
        const found = await views.find(filter, { ...options(deadline), projection }).toArray();
        const byKey = new Map(
          found.flatMap((document) => {
            const id = idOf(document._id);
            return id === undefined ? [] : [[idKey(id), slotOfDocument(document)] as const];
          }),
        );
        return ids.map((id) => byKey.get(idKey(id)));
      }),
    write: (view, over, { timeoutMs }) =>
      connection.run("write a view", { timeoutMs }, async (deadline) => {
        if (over === "any") return putView(views, view, deadline);
        const [outcome] = await followViews(views, [{ view, before: undefined }], deadline);
        return outcome ?? "behind";
      }),
    writeMany: (wanted, { timeoutMs }) =>
      connection.run("write views", { timeoutMs }, (deadline) =>
        followViews(
          views,
          wanted.map((view) => ({ view, before: undefined })),
          deadline,
        ),
      ),
    refusal: (id, call) =>
      connection.run(
        "look at the indexes",
        call,
        async (deadline) =>
          (await refusalOf(views, id, deadline)) ?? (await suspectedRefusal(views, deadline)),
      ),
    find: (query, call) =>
      connection.run("find documents", call, (deadline) =>
        findPage({ collection: views, ids: connection.ids }, query, deadline, viewsOf),
      ),
    explain: (query, call) =>
      connection.run("explain a find", call, (deadline) =>
        explainFind(connection, views.collectionName, query, deadline),
      ),
    count: (filter, call, schema) =>
      connection.run("count documents", call, async (deadline) =>
        Number(await views.countDocuments(joined(filter, schemaCondition(schema)), options(deadline))),
      ),
  };
}

function viewsOf(document: Document): readonly View[] {
  const view = viewOfDocument(document);
  return view === undefined ? [] : [view];
}
