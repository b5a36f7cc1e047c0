import { changesBetween } from "../changes/changes-between.ts";
import { checkCount, checkOnNewer, optionsError } from "../context/check-options.ts";
import type { CallOptions, GetOptions } from "../context/options.ts";
import { replay } from "../history/replay.ts";
import { checkId } from "../model/document-id.ts";
import { type CheckedMoment, checkMoment } from "../model/moment.ts";
import { isPath } from "../patch/apply-patches.ts";
import { explainFind } from "../read/explain.ts";
import { countDocuments } from "../read/find-documents.ts";
import { fetchViews, readAtLeast, readable, readDocument, readStates } from "../read/read-documents.ts";
import type { PlainObject } from "../value/value.ts";
import { reverting } from "../write/acts.ts";
import { planRevert } from "../write/plan-revert.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { Reading } from "./inner-store.ts";

/** The moment of now: behind all events. */
const newest: CheckedMoment = { date: Number.POSITIVE_INFINITY };

/** The calls that read. */
export function createReading(parts: StoreParts, start: CallStart): Reading {
  const { resources, views } = parts;
  const { kinds, types } = resources;

  const get = async (id: unknown, options?: GetOptions): Promise<PlainObject | undefined> => {
    const on = start.on("get", id, options);
    const atLeast = options?.atLeast;
    checkCount(atLeast, "atLeast");
    if (atLeast !== undefined) return readAtLeast(on, views, atLeast);
    return (await readStates(resources, views, [on.doc], on.deadline))[0];
  };

  const stateAt = async (
    callName: "stateAt" | "diff",
    id: unknown,
    moment: unknown,
    options?: CallOptions,
  ): Promise<PlainObject | undefined> => {
    const on = start.on(callName, id, options);
    const { folded, sealed } = await replay(on, checkMoment(moment));
    return readable(resources, on.doc, folded, sealed)?.state;
  };

  return {
    get,
    stateAt: (id, moment, options) => stateAt("stateAt", id, moment, options),
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
    read: async (id, moment, options) => {
      const on = start.on("read", id, options);
      return readDocument(on, views, moment === undefined ? undefined : checkMoment(moment));
    },
    planRevert: async (id, moment, options) => {
      const to = checkMoment(moment);
      const on = start.on("planRevert", id, options);
      return planRevert(on, to, reverting(on, to));
    },
    diff: async (id, a, b, options) => {
      const [before, after] = await Promise.all([
        stateAt("diff", id, a, options),
        stateAt("diff", id, b, options),
      ]);
      const { wordRuns } = await import("../changes/word-runs.ts");
      return changesBetween(before, after, types, wordRuns);
    },
    blame: async (id, moment, options) => {
      const begin = () => start.on("blame", id, options);
      const on = begin();
      const { path = [], ignore } = options ?? {};
      if (!isPath(path)) throw optionsError("path", "it is a list of keys and indexes");
      if (ignore !== undefined && typeof ignore !== "function")
        throw optionsError("ignore", "it is a function of an event");
      const asked = { moment: moment === undefined ? newest : checkMoment(moment), path, ignore };
      const { blame } = await import("../history/blame.ts");
      return blame(on, asked, begin);
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
