import { checkCount, checkDeleted, checkOnNewer } from "../context/check-options.ts";
import { onDocument } from "../context/on-document.ts";
import type {
  FindRowsOptions,
  InnerChangesQuery,
  InnerFindOptions,
  InnerHistoryQuery,
} from "../context/queries.ts";
import { checkChanges, checkHistory } from "../history/listing/check-listing.ts";
import { checkPlace, explainChanges, listChanges, placeInChanges } from "../history/listing/list-changes.ts";
import { listHistory } from "../history/listing/list-history.ts";
import { checkId, type DocumentId } from "../model/document-id.ts";
import { type DocumentEvent, documentEvent } from "../projection/document-event.ts";
import { asyncList, type Listing } from "../read/async-list.ts";
import { listDocuments } from "../read/find-documents.ts";
import {
  countRows,
  type FoundRow,
  listRows,
  type Rows,
  rowsOf,
  unknownProjection,
} from "../read/find-rows.ts";
import { changeAt, endOfPageAt, versionAt } from "../read/place.ts";
import type { PlainObject } from "../value/value.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { Lists } from "./inner-store.ts";

type EventListing = Listing<DocumentEvent<DocumentId>>;

/** The calls that give lists. */
export function createListing(parts: StoreParts, start: CallStart): Lists {
  const { resources, views } = parts;
  const { types } = resources;

  const find = (filter: unknown, options: InnerFindOptions): ReturnType<typeof listDocuments> => {
    const deadline = start.longOver("find", options);
    checkCount(options.limit);
    checkOnNewer(options.onNewer);
    checkDeleted(options.deleted);
    return listDocuments(resources, views, { ...options, filter }, deadline);
  };

  return {
    history: (id, query = {}) => asyncList(() => historyOf(parts, start, id, query), types),
    changes: (query = {}) => ({
      ...asyncList(() => changesOf(parts, start, query), types),
      explain: async () => {
        const deadline = start.over("changes", query);
        return explainChanges({ resources, deadline }, checkChanges(query, resources.kinds, types));
      },
    }),
    find: (filter = {}, options = {}) => asyncList(() => find(filter, options), types),
    rows: (given) => {
      const name = typeof given === "string" ? given : given?.name;
      if (!parts.rows.projections.some((one) => one.name === name)) throw unknownProjection(parts);
      return rowsNamed(parts, start, name);
    },
  };
}

/** The events of a document, or of one place of it. Code that only the places need is loaded at their first use. */
function historyOf(
  { resources }: StoreParts,
  start: CallStart,
  id: unknown,
  query: InnerHistoryQuery,
): EventListing {
  const { kinds } = resources;
  const doc = checkId(id, kinds);
  const on = onDocument(resources, doc, start.longOver("history", query));
  const asked = checkHistory(query, kinds);
  const { limit = Number.POSITIVE_INFINITY } = query;
  const { path } = asked;
  return {
    key: { call: "history", id: doc, ...asked },
    limit,
    read: async function* (place, wanted) {
      if (path === undefined) {
        for await (const item of listHistory(on, asked, { behind: versionAt(place), limit: wanted }))
          yield { item, place: item.version };
      } else {
        const { listPlace } = await import("../history/listing/list-place.ts");
        yield* listPlace(on, { ...asked, path }, { behind: endOfPageAt(place), limit: wanted });
      }
    },
  };
}

/** The events of all documents. */
function changesOf({ resources }: StoreParts, start: CallStart, query: InnerChangesQuery): EventListing {
  const { types, kinds } = resources;
  const deadline = start.longOver("changes", query);
  const asked = checkChanges(query, kinds, types);
  const { limit = Number.POSITIVE_INFINITY } = query;
  return {
    key: { call: "changes", ...asked },
    limit,
    read: async function* (place, wanted) {
      const behind = changeAt(place, kinds);
      if (behind !== undefined) await checkPlace({ resources, deadline }, behind);
      for await (const event of listChanges({ resources, deadline }, asked, { behind, limit: wanted }))
        yield { item: documentEvent(event, types), place: placeInChanges(event) };
    },
  };
}

/** The rows of a projection. */
function rowsNamed(parts: StoreParts, start: CallStart, name: string): Rows<PlainObject, DocumentId> {
  return {
    find: (filter = {}, options: FindRowsOptions = {}) => {
      let latest: ReturnType<typeof listRows> | undefined;
      const begin = (): Listing<FoundRow<PlainObject, DocumentId>> => {
        const deadline = start.longOver("rows().find", options);
        checkCount(options.limit);
        latest = listRows(parts, name, { ...options, filter }, deadline);
        return latest;
      };
      const { toArray, page, [Symbol.asyncIterator]: iterate } = asyncList(begin, parts.resources.types);
      return {
        toArray,
        page,
        [Symbol.asyncIterator]: iterate,
        get incomplete() {
          return latest?.incomplete() ?? false;
        },
      };
    },
    count: async (filter = {}, options) =>
      countRows(parts, name, filter, start.over("rows().count", options)),
    of: async (id, options) => {
      const { doc, deadline } = start.on("rows().of", id, options);
      return rowsOf(parts, name, doc, deadline);
    },
  };
}
