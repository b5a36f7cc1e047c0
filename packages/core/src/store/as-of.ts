import { checkCount, checkOnNewer, optionsError } from "../context/check-options.ts";
import { checkId } from "../model/document-id.ts";
import { checkDate } from "../model/moment.ts";
import { statesAsOf } from "../read/as-of/dated-views.ts";
import { asyncList } from "../read/async-list.ts";
import { countDocuments, listDocuments } from "../read/find-documents.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { InnerStore, InnerStoreAsOf } from "./inner-store.ts";

/** The calls that read the whole collection at a date. */
export function createAsOf(parts: StoreParts, start: CallStart): InnerStore["asOf"] {
  return (given) => {
    const reason = "versions count within one document, so the collection is asked for by date";
    return asOf(parts, start, checkDate(given, reason));
  };
}

function asOf({ resources, views }: StoreParts, start: CallStart, date: number): InnerStoreAsOf {
  return Object.freeze({
    date: new Date(date),
    get: async (id, options) => {
      const { doc, deadline } = start.on("asOf().get", id, options);
      return (await statesAsOf({ resources, date, deadline }, views, [doc]))[0];
    },
    getMany: async (ids, options) => {
      if (!Array.isArray(ids)) throw optionsError("ids", "it is a list of ids");
      const docs = ids.map((id) => checkId(id, resources.kinds));
      const deadline = start.over("asOf().getMany", options);
      return statesAsOf({ resources, date, deadline }, views, docs);
    },
    find: (filter = {}, options = {}) =>
      asyncList(() => {
        const deadline = start.longOver("asOf().find", options);
        checkCount(options.limit);
        checkOnNewer(options.onNewer);
        return listDocuments(resources, views, { ...options, filter, date }, deadline);
      }, resources.types),
    count: async (filter = {}, options) => {
      const deadline = start.over("asOf().count", options);
      checkOnNewer(options?.onNewer);
      return countDocuments(resources, views, { filter, onNewer: options?.onNewer, date }, deadline);
    },
  } satisfies InnerStoreAsOf);
}
