import {
  type DocumentId,
  idKey,
  isPlain,
  type PlainObject,
  type Row,
  type RowSet,
  type RowStore,
} from "@everdraft/core/adapter";
import { documentFromBson } from "../bson/bson.ts";
import { numberOf } from "../bson/bson-values.ts";
import { idOf } from "../bson/id-kinds.ts";
import type { Connection } from "../connection/connection.ts";
import type { Read } from "../connection/driver.ts";
import { refusalOf } from "../errors/refusals.ts";
import { options } from "../log/event-log.ts";
import { findPage } from "../views/find.ts";
import { type RowCollections, type RowDocument, writeRows } from "./row-writes.ts";
import { writeRowsTogether } from "./row-writes-together.ts";

/** The rows of a projection in MongoDB: ordinary documents, with one field more, `_everdraft: { doc, version }`. */
export function mongoRows(connection: Connection, collections: RowCollections): RowStore {
  const { rows, documents } = collections;
  return {
    get: (docs, call) =>
      connection.run("read rows", call, async (deadline) => {
        const wanted = { $in: [...docs] };
        const [marks, found] = await Promise.all([
          documents.find({ _id: wanted }, options(deadline)).toArray(),
          rows.find({ "_everdraft.doc": wanted }, options(deadline)).sort({ _id: 1 }).toArray(),
        ]);
        const versions = new Map(
          marks
            .filter(({ whole }) => whole === true)
            .map(({ _id, version }) => [keyOf(_id), numberOf(version)]),
        );
        const byDoc = new Map<string, PlainObject[]>();
        for (const { doc, state } of found.flatMap(rowOf)) {
          const list = byDoc.get(idKey(doc)) ?? [];
          list.push(state);
          byDoc.set(idKey(doc), list);
        }
        return docs.map((doc): RowSet | undefined => {
          const version = versions.get(idKey(doc));
          return version === undefined ? undefined : { doc, version, rows: byDoc.get(idKey(doc)) ?? [] };
        });
      }),
    write: (set, over, { timeoutMs }) =>
      connection.run("write rows", { timeoutMs }, (deadline) => writeRows(collections, set, over, deadline)),
    writeMany: (sets, { timeoutMs }) =>
      connection.run("write rows", { timeoutMs }, (deadline) =>
        writeRowsTogether(collections, sets, deadline),
      ),
    refusal: (doc, call) =>
      connection.run("look at the indexes", call, (deadline) => refusalOf(rows, doc, deadline)),
    find: (query, call) =>
      connection.run("find rows", call, (deadline) =>
        findPage({ collection: rows, ids: connection.ids }, query, deadline, rowOf),
      ),
    count: (filter, call) =>
      connection.run("count rows", call, async (deadline) =>
        Number(await rows.countDocuments(filter, options(deadline))),
      ),
    documents: ({ after, limit }, call) =>
      connection.run("list documents with rows", call, async (deadline) => {
        const ids: DocumentId[] = [];
        for (const range of connection.ids.rangesBehind(after)) {
          if (ids.length >= limit) break;
          const found = await documents
            .find({ _id: range }, { ...options(deadline), projection: { _id: 1 } })
            .sort({ _id: 1 })
            .limit(limit - ids.length)
            .toArray();
          ids.push(...found.flatMap(({ _id }) => idOf(_id) ?? []));
        }
        return ids;
      }),
  };
}

function keyOf(id: unknown): string {
  const known = idOf(id);
  return known === undefined ? "" : idKey(known);
}

/** The row of a document; none where it is not the library's. */
function rowOf(document: Read<RowDocument>): readonly Row[] {
  const { _id, _everdraft, ...state } = documentFromBson(document);
  const facts: Record<string, unknown> = isPlain(_everdraft) ? _everdraft : {};
  const doc = idOf(facts.doc);
  if (typeof _id !== "string" || doc === undefined) return [];
  return [{ id: _id, doc, version: numberOf(facts.version), state }];
}
