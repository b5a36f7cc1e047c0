import { checkCount, checkOnNewer, optionsError } from "../context/check-options.ts";
import type { GetOptions } from "../context/options.ts";
import { checkId } from "../model/document-id.ts";
import { explainFind } from "../read/explain.ts";
import { countDocuments } from "../read/find-documents.ts";
import { fetchViews, readAtLeast, readStates } from "../read/read-documents.ts";
import type { PlainObject } from "../value/value.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { Reading } from "./inner-store.ts";

/** The calls that read documents as they are now. */
export function createReading(parts: StoreParts, start: CallStart): Reading {
  const { resources, views } = parts;
  const { kinds } = resources;

  const get = async (id: unknown, options?: GetOptions): Promise<PlainObject | undefined> => {
    const on = start.on("get", id, options);
    const atLeast = options?.atLeast;
    checkCount(atLeast, "atLeast");
    if (atLeast !== undefined) return readAtLeast(on, views, atLeast);
    return (await readStates(resources, views, [on.doc], on.deadline))[0];
  };

  return {
    get,
    exists: async (id, options) => {
      const { doc, deadline } = start.on("exists", id, options);
      return (await fetchViews(resources, views, [doc], deadline))[0]?.state !== undefined;
    },
    getMany: async (ids, options) => {
      if (!Array.isArray(ids)) throw optionsError("ids", "it is a list of ids");
      const docs = ids.map((id) => checkId(id, kinds));
      const deadline = start.over("getMany", options);
      return docs.length === 0 ? [] : readStates(resources, views, docs, deadline);
    },
    explain: async (filter = {}, options = {}) => {
      const deadline = start.over("explain", options);
      checkCount(options.limit);
      checkOnNewer(options.onNewer);
      return explainFind(resources, { ...options, filter }, deadline);
    },
    count: async (filter = {}, options) => {
      const deadline = start.over("count", options);
      checkOnNewer(options?.onNewer);
      return countDocuments(resources, views, { filter, onNewer: options?.onNewer }, deadline);
    },
  };
}
