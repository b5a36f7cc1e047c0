import { reverting } from "../acts/acts.ts";
import { planRevert } from "../acts/plan-revert.ts";
import { changesBetween } from "../changes/changes-between.ts";
import { optionsError } from "../context/check-options.ts";
import { checkUndo, undoneVersion } from "../context/check-undo.ts";
import type { CallOptions } from "../context/options.ts";
import { replay } from "../history/replay.ts";
import { type CheckedMoment, checkMoment } from "../model/moment.ts";
import { isPath } from "../patch/apply-patches.ts";
import { readable, readDocument } from "../read/read-documents.ts";
import type { PlainObject } from "../value/value.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { Past } from "./inner-store.ts";

/** The moment of now: behind all events. */
const newest: CheckedMoment = { date: Number.POSITIVE_INFINITY };

/** The calls that ask about one document's past. Code that only they need is loaded at their first use. */
export function createPast(parts: StoreParts, start: CallStart): Past {
  const { resources, views } = parts;
  const { types } = resources;

  const stateAt = async (
    callName: "stateAt" | "diff",
    id: unknown,
    moment: unknown,
    options?: CallOptions,
  ): Promise<PlainObject | undefined> => {
    const on = start.on(callName, id, options);
    const at = checkMoment(moment, callName === "diff" ? 0 : 1);
    if ("version" in at && at.version === 0) return undefined;
    const { folded, sealed } = await replay(on, at);
    return readable(resources, on.doc, folded, sealed)?.state;
  };

  return {
    stateAt: (id, moment, options) => stateAt("stateAt", id, moment, options),
    read: async (id, moment, options) => {
      const on = start.on("read", id, options);
      return readDocument(on, views, moment === undefined ? undefined : checkMoment(moment));
    },
    planUndo: async (id, undone, options) => {
      const on = start.on("planUndo", id, options);
      const asked = { version: undoneVersion(undone), ...checkUndo(options ?? {}) };
      const { planUndo } = await import("../acts/plan-undo.ts");
      return planUndo(on, asked);
    },
    planRevert: async (id, moment, options) => {
      const to = checkMoment(moment);
      const on = start.on("planRevert", id, options);
      return planRevert(on, to, reverting(on, to));
    },
    activity: async (query) => {
      const deadline = start.longOver("activity", query);
      const { checkActivity, countActivity } = await import("../history/listing/activity.ts");
      return countActivity(resources, deadline, checkActivity(query, resources.kinds));
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
  };
}
