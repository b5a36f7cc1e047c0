import type { CheckedFilter, FindQuery, Sort, View } from "@everdraft/core/adapter";
import type { Document, Filter, FindCursor } from "mongodb";
import type { Deadline } from "./deadline.ts";
import { options } from "./event-log.ts";
import { rangesBehind } from "./id-kinds.ts";
import { conditionBehind, isBehind } from "./sort-position.ts";
import { viewOf } from "./view-document.ts";
import type { Views } from "./view-writes.ts";

/**
 * A page of the documents that match, by the server's own query. Without a sort a page behind an id goes
 * through the kinds of ids one after another, since comparisons do not cross them.
 */
export async function find(views: Views, query: FindQuery, deadline: Deadline): Promise<readonly View[]> {
  const { sort, after, limit } = query;
  if (after === undefined) return readPage(views, query, {}, limit, deadline);
  if (sort.length > 0) return readPage(views, query, conditionBehind(sort, after), limit, deadline);
  const found: View[] = [];
  for (const range of rangesBehind(after.id)) {
    const left = limit - found.length;
    if (left === 0) break;
    found.push(...(await readPage(views, query, { _id: range } as Filter<Document>, left, deadline)));
  }
  return found;
}

async function readPage(
  views: Views,
  query: FindQuery,
  condition: Filter<Document>,
  limit: number,
  deadline: Deadline,
): Promise<readonly View[]> {
  const cursor = (): FindCursor<Document> => openCursor(views, query, condition, deadline);
  const page = await cursor().limit(limit).toArray();
  const found = page.flatMap((document) => accepted(document, query));
  if (page.length < limit || found.length === limit) return found;
  // some of the page were not asked for (documents at the place, or that are not the store's): read on
  return readUntil(cursor().batchSize(limit), query, limit);
}

async function readUntil(
  cursor: FindCursor<Document>,
  query: FindQuery,
  limit: number,
): Promise<readonly View[]> {
  const found: View[] = [];
  for await (const document of cursor) {
    found.push(...accepted(document, query));
    if (found.length === limit) break;
  }
  return found;
}

/** The view of a document that the query asks for, or none. */
function accepted(document: Document, { sort, after }: FindQuery): readonly View[] {
  const view = viewOf(document);
  if (view === undefined) return [];
  return after === undefined || sort.length === 0 || isBehind(view, sort, after) ? [view] : [];
}

function openCursor(
  views: Views,
  { filter, sort, select }: FindQuery,
  condition: Filter<Document>,
  deadline: Deadline,
): FindCursor<Document> {
  const projection = projectionOf(select, sort);
  return views
    .find(joined(filter, condition), { ...options(deadline), ...(projection && { projection }) })
    .sort(sortOf(sort));
}

function joined(filter: CheckedFilter, condition: Filter<Document>): Filter<Document> {
  const parts = [filter as Filter<Document>, condition].filter((part) => Object.keys(part).length > 0);
  const [only] = parts;
  return parts.length < 2 ? (only ?? {}) : { $and: parts };
}

/** Equal documents go by id, always ascending. A Map, since an object would move keys like numbers. */
function sortOf(sort: Sort): Map<string, 1 | -1> {
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
  const tops = sort.map(([path]) => path.split(".")[0] as string);
  return Object.fromEntries([...select, ...tops, "_id", "_everdraft"].map((name) => [name, 1]));
}
