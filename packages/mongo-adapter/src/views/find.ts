import type { CheckedFilter, DocumentId, FindQuery, SchemaRange, Sort, View } from "@everdraft/core/adapter";
import type { MongoIds } from "../bson/id-kinds.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { Document, MongoCollection, MongoCursor } from "../connection/driver.ts";
import { options } from "../log/event-log.ts";
import { pageOrder } from "./page-order.ts";
import { conditionBehind, isBehind } from "./sort-position.ts";

/** Makes results of a stored document, or none where it is not the library's. */
type Reader<V> = (document: Document) => readonly V[];
type Found = Pick<View, "state"> & { readonly id: DocumentId };

/** A collection in which documents are found, and the ids that they may have. */
export interface Searched {
  readonly collection: MongoCollection;
  readonly ids: MongoIds;
}

/**
 * A page of the documents that match, by the server's own query. Without a sort a page behind an id goes
 * through the kinds of ids one after another, since comparisons do not cross them.
 */
export async function findPage<V extends Found>(
  searched: Searched,
  query: FindQuery,
  deadline: CommandsDeadline,
  read: Reader<V>,
): Promise<readonly V[]> {
  const { sort, after, limit } = query;
  const page = { ...searched, query, read, deadline };
  if (after === undefined) return readPage(page, {}, limit);
  if (sort.length > 0) return readPage(page, conditionBehind(sort, after, searched.ids), limit);
  const found: V[] = [];
  for (const range of searched.ids.rangesBehind(after.id)) {
    const left = limit - found.length;
    if (left === 0) break;
    found.push(...(await readPage(page, { _id: range }, left)));
  }
  return found;
}

interface Page<V> extends Searched {
  readonly query: FindQuery;
  readonly read: Reader<V>;
  readonly deadline: CommandsDeadline;
}

async function readPage<V extends Found>(
  page: Page<V>,
  condition: Document,
  limit: number,
): Promise<readonly V[]> {
  const cursor = (): MongoCursor => openCursor(page.collection, page.query, condition, page.deadline);
  const documents = await cursor().limit(limit).toArray();
  const check = pageOrder(page.collection.collectionName, page.query.sort);
  const found = documents.flatMap((document) => accepted(document, page, check));
  if (documents.length < limit || found.length === limit) return found;
  // some of the page were not asked for (documents at the place, or that are not the store's): read on
  return readUntil(cursor().batchSize(limit), page, limit);
}

async function readUntil<V extends Found>(
  cursor: MongoCursor,
  page: Page<V>,
  limit: number,
): Promise<readonly V[]> {
  const found: V[] = [];
  const check = pageOrder(page.collection.collectionName, page.query.sort);
  for await (const document of cursor) {
    found.push(...accepted(document, page, check));
    if (found.length === limit) break;
  }
  return found;
}

/** The results from a document that the query asks for, or none. All that come are looked at for their order. */
function accepted<V extends Found>(
  document: Document,
  { query, read, ids }: Page<V>,
  check: (one: V) => void,
): readonly V[] {
  const { sort, after } = query;
  if (sort.length === 0) return read(document);
  return read(document).filter((one) => {
    check(one);
    return after === undefined || isBehind(one, sort, after, ids.kinds);
  });
}

function openCursor(
  collection: MongoCollection,
  { filter, sort, select, schema }: FindQuery,
  condition: Document,
  deadline: CommandsDeadline,
): MongoCursor {
  const projection = projectionOf(select, sort);
  return collection
    .find(joined(filter, schemaCondition(schema), condition), {
      ...options(deadline),
      ...(projection && { projection }),
    })
    .sort(sortOf(sort));
}

/** A filter, and conditions beside it; those that say nothing are left out. */
export function joined(filter: CheckedFilter, ...conditions: readonly Document[]): Document {
  const all = [filter, ...conditions];
  const parts = all.filter((part) => Object.keys(part).length > 0);
  const [only] = parts;
  return parts.length < 2 ? (only ?? {}) : { $and: parts };
}

/** A condition that views of these schema versions meet; those without history have none. */
export function schemaCondition(schema: SchemaRange | undefined): Document {
  if (schema === undefined) return {};
  const { from = 1, to = Number.MAX_SAFE_INTEGER, withoutHistory = false } = schema;
  const within = { "_everdraft.schema": { $gte: from, $lte: to } };
  // of those without history most have no such field at all
  return withoutHistory ? { $or: [within, { "_everdraft.schema": { $in: [null, 0] } }] } : within;
}

/** Equal documents go by id, always ascending. A Map, since an object would move keys like numbers. */
export function sortOf(sort: Sort): Map<string, 1 | -1> {
  const fields = new Map(sort);
  if (!fields.has("_id")) fields.set("_id", 1);
  return fields;
}

/**
 * Only the fields asked for, and those of the sort, by which the caller tells where the page ends. Names that
 * a projection would take for something else are left to whole documents.
 */
function projectionOf(select: readonly string[] | undefined, sort: Sort): Document | undefined {
  if (select === undefined) return undefined;
  if (select.some((name) => name === "" || name.includes(".") || name.startsWith("$"))) return undefined;
  const tops = sort.flatMap(([path]) => path.split(".", 1));
  return Object.fromEntries([...select, ...tops, "_id", "_everdraft"].map((name) => [name, 1]));
}
