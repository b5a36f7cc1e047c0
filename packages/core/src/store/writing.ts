import { creating, deleting, editing, replacing, restoring, reverting } from "../acts/acts.ts";
import { checkOptionsOf } from "../context/check-options.ts";
import { checkUndo, undoneVersion } from "../context/check-undo.ts";
import { checkMoment } from "../model/moment.ts";
import type { StoreParts } from "../write/store-parts.ts";
import { writeDocument } from "../write/write-document.ts";
import type { Writing } from "./inner-store.ts";

/** The calls that write events: each makes its act, and its document's queue carries it out. */
export function createWriting(parts: StoreParts): Writing {
  const { resources } = parts;
  return {
    create: async (id, user, state, options = {}) => {
      checkOptionsOf("create", options);
      return writeDocument(parts, { id, user, options }, (doc) => creating(resources, doc, state));
    },
    edit: async (id, user, recipe, options = {}) => {
      checkOptionsOf("edit", options);
      return writeDocument(parts, { id, user, options }, (doc) => editing(resources, doc, recipe));
    },
    replace: async (id, user, state, options = {}) => {
      checkOptionsOf("replace", options);
      return writeDocument(parts, { id, user, options }, (doc) => replacing(resources, doc, state));
    },
    delete: async (id, user, options = {}) => {
      checkOptionsOf("delete", options);
      return writeDocument(parts, { id, user, options }, deleting);
    },
    restore: async (id, user, options = {}) => {
      checkOptionsOf("restore", options);
      return writeDocument(parts, { id, user, options }, (_doc, on) => restoring(on()));
    },
    revert: async (id, user, moment, options = {}) => {
      const to = checkMoment(moment);
      checkOptionsOf("revert", options);
      return writeDocument(parts, { id, user, options }, (_doc, on) => reverting(on(), to));
    },
    undo: async (id, user, undone, options = {}) => {
      checkOptionsOf("undo", options);
      const asked = { version: undoneVersion(undone), ...checkUndo(options) };
      const { undoing } = await import("../acts/undoing.ts");
      return writeDocument(parts, { id, user, options }, (_doc, on) => undoing(on(), asked));
    },
    redo: async (id, user, undone, options = {}) => {
      checkOptionsOf("redo", options);
      const version = undone === undefined ? undefined : undoneVersion(undone);
      const asked = { version, ...checkUndo(options) };
      const { redoing } = await import("../acts/undoing.ts");
      return writeDocument(parts, { id, user, options }, (_doc, on) => redoing(on(), asked));
    },
  };
}
