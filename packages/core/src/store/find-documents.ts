import { setImmediate as nextTurn } from "node:timers/promises";
import { FilterError } from "../errors/filter-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import { checkFilter, checkPath } from "../model/filter.ts";
import { isPlain, type PlainObject } from "../model/value.ts";
import { positionOf } from "../port/find-views.ts";
import type { View } from "../port/view.ts";
import type { FindPosition, FindQuery, Sort } from "../port/view-store.ts";
import { handOut } from "./hand-out.ts";
import type { Limit } from "./limit.ts";
import type { Resources } from "./resources.ts";
import type { FoundDocument } from "./results.ts";
import type { ViewKeeper } from "./view-keeper.ts";

/** The options of a find, of whatever type its documents are. */
export interface FindRequest {
  readonly filter: unknown;
  readonly sort?: object | undefined;
  readonly limit?: number | undefined;
  readonly after?: { readonly id: unknown; readonly state: unknown } | undefined;
  readonly select?: readonly string[] | undefined;
}

// documents are sorted by their stored states, which the states given to callers may no longer tell (migrations)
const storedAs = new WeakMap<object, Pick<View, "id" | "state">>();

const pageSize = 100;
// behind a sort a page costs a storage without indexes the whole collection
const sortedPageSize = 1_000;

/**
 * The living documents that match, in pages. A page begins behind the last document of the one before, so no
 * cursor is held open.
 */
export async function* findDocuments(
  resources: Resources,
  views: ViewKeeper,
  request: FindRequest,
  limit: Limit,
): AsyncGenerator<FoundDocument<PlainObject, DocumentId>> {
  const query = checkFind(request, resources);
  const stored = await resources.opened(limit);
  await views.settled(undefined, limit);
  let left = request.limit ?? Number.POSITIVE_INFINITY;
  let { after } = query;
  while (left > 0) {
    const size = Math.min(query.limit, left);
    const page = await stored.views.find({ ...query, ...(after && { after }), limit: size }, limit.call());
    for (const view of page) yield found(resources, view, request.select);
    left -= page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < size) return;
    after = positionOf(last, query.sort);
    await nextTurn();
  }
}

/** How many living documents match. */
export async function countDocuments(
  resources: Resources,
  views: ViewKeeper,
  filter: unknown,
  limit: Limit,
): Promise<number> {
  const checked = checkFilter(filter, resources.types);
  const stored = await resources.opened(limit);
  await views.settled(undefined, limit);
  return stored.views.count(checked, limit.call());
}

function found(
  resources: Resources,
  view: View,
  select: readonly string[] | undefined,
): FoundDocument<PlainObject, DocumentId> {
  const { id, changed: version, at, by, schema } = view;
  const whole = handOut(resources, id, view.state as PlainObject, schema);
  const state = select === undefined ? whole : only(whole, select);
  const document = { id, version, at: new Date(at), by, state };
  storedAs.set(document, { id, state: view.state });
  return document;
}

function only(state: PlainObject, fields: readonly string[]): PlainObject {
  return Object.freeze(
    Object.fromEntries(fields.filter((key) => Object.hasOwn(state, key)).map((key) => [key, state[key]])),
  );
}

function checkFind(request: FindRequest, resources: Resources): FindQuery {
  const sort = checkSort(request.sort);
  const { select, after } = request;
  if (select !== undefined && !(Array.isArray(select) && select.every((field) => typeof field === "string")))
    throw refused("select", "it is a list of top-level fields");
  const position = after && afterPosition(after, sort, select, resources.schema.version > 1);
  return {
    filter: checkFilter(request.filter, resources.types),
    sort,
    limit: pageSizeOf(sort),
    ...(position && { after: position }),
    // migrations may need fields that the caller did not ask for
    ...(select &&
      resources.schema.version === 1 && {
        select: [...select, ...sort.map(([path]) => path.split(".")[0] as string)],
      }),
  };
}

/** How many documents or rows a page holds. */
export function pageSizeOf(sort: Sort): number {
  return sort.length > 0 ? sortedPageSize : pageSize;
}

/** The fields of a sort. Throws FilterError. */
export function checkSort(sort: object | undefined): Sort {
  if (sort === undefined) return [];
  if (!isPlain(sort)) throw refused("sort", "it is a plain object of fields with 1 or -1");
  return Object.entries(sort).map(([path, direction]) => {
    checkPath(path);
    if (direction !== 1 && direction !== -1)
      throw refused(path, "a sort goes 1 (ascending) or -1 (descending)");
    return [path, direction] as const;
  });
}

function afterPosition(
  after: { readonly id: unknown; readonly state: unknown },
  sort: Sort,
  select: readonly string[] | undefined,
  migrates: boolean,
): FindPosition {
  const missing = sort.find(
    ([path]) => select !== undefined && path !== "_id" && !select.includes(path.split(".")[0] as string),
  );
  if (missing !== undefined)
    throw refused(missing[0], "a page behind another needs its sort fields; name them in select too");
  const stored = storedAs.get(after);
  if (stored !== undefined) return positionOf(stored, sort);
  if (sort.length > 0 && migrates)
    throw refused("after", "with migrations only a document that find gave tells where it stands");
  if (sort.length > 0 && !isPlain(after.state))
    throw refused("after", "it is a document that find gave, or { id, state } with the fields of the sort");
  return positionOf({ id: after.id as DocumentId, state: isPlain(after.state) ? after.state : {} }, sort);
}

function refused(path: string, reason: string): FilterError {
  return new FilterError(`This find cannot be done: at ${JSON.stringify(path)}, ${reason}.`, {
    path,
    reason,
  });
}
