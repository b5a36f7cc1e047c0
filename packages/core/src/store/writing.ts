import { checkUser } from "../model/document-id.ts";
import { checkMoment } from "../model/moment.ts";
import { creating, deleting, editing, replacing, restoring, reverting } from "./acts.ts";
import type { CallStart } from "./begin-call.ts";
import { checkCallOptions, checkFlag, optionsError } from "./check-options.ts";
import type { Writing } from "./inner-store.ts";
import type { StoreParts } from "./parts.ts";
import { planRevert } from "./plan-revert.ts";
import { writeDocument } from "./write-document.ts";

/** The calls that write events: each makes its act, and its document's queue carries it out. */
export function createWriting(parts: StoreParts, start: CallStart): Writing {
  const { resources } = parts;
  return {
    create: async (id, user, state, options = {}) =>
      writeDocument(parts, id, user, options, (doc) => creating(resources, doc, state)),
    edit: async (id, user, recipe, options = {}) => {
      if (typeof recipe !== "function") throw optionsError("recipe", "it is a function that changes a draft");
      return writeDocument(parts, id, user, options, (doc) => editing(resources, doc, recipe));
    },
    replace: async (id, user, state, options = {}) =>
      writeDocument(parts, id, user, options, (doc) => replacing(resources, doc, state)),
    delete: async (id, user, options = {}) => writeDocument(parts, id, user, options, deleting),
    restore: async (id, user, options = {}) =>
      writeDocument(parts, id, user, options, (doc, limit) => restoring(resources, doc, limit)),
    revert: async (id, user, moment, options = {}) => {
      const to = checkMoment(moment);
      checkCallOptions(options);
      checkFlag(options.dryRun, "dryRun");
      if (options.dryRun !== true) {
        return writeDocument(parts, id, user, options, (doc, limit) => reverting(resources, doc, to, limit));
      }
      const { doc, limit } = start.on(id, options);
      checkUser(user, resources.kinds);
      return planRevert(resources, doc, to, reverting(resources, doc, to, limit), limit);
    },
  };
}
