import { optionsError } from "../context/check-options.ts";
import { onDocument } from "../context/on-document.ts";
import { verifyDocument } from "../history/verify.ts";
import { importRevisions } from "../import/import-revisions.ts";
import { checkId, checkUser } from "../model/document-id.ts";
import { checkMoment } from "../model/moment.ts";
import { readable } from "../read/read-documents.ts";
import { repairView } from "../views/repair.ts";
import { sweep } from "../views/sweep.ts";
import { lookUp, settle } from "../write/resolve.ts";
import type { StoreParts } from "../write/store-parts.ts";
import { writtenOf } from "../write/write-document.ts";
import type { CallStart } from "./begin-call.ts";
import type { Administration } from "./inner-store.ts";

/** The calls that keep a store in order. */
export function createAdministration(parts: StoreParts, start: CallStart): Administration {
  const { resources } = parts;
  const { kinds } = resources;
  return {
    import: async (revisions, options = {}) => {
      start.longOver("import", options);
      const { name, onProgress, onRefused, onRefusal } = options;
      if (name !== undefined && (typeof name !== "string" || name === ""))
        throw optionsError("name", "it is a text");
      if (onProgress !== undefined && typeof onProgress !== "function")
        throw optionsError("onProgress", "it is a function");
      if (onRefused !== undefined && onRefused !== "stop" && onRefused !== "skip")
        throw optionsError("onRefused", 'it is "stop" or "skip"');
      if (onRefusal !== undefined && typeof onRefusal !== "function")
        throw optionsError("onRefusal", "it is a function");
      if (!isIterable(revisions)) throw optionsError("revisions", "it is an iterable of revisions");
      return parts.track(importRevisions(parts, revisions, options));
    },
    resolve: async (id, write, options) => {
      const on = start.on("resolve", id, options);
      if (typeof write?.eventId !== "string")
        throw optionsError("eventId", "it is what the IndeterminateError named");
      checkMoment({ version: write.version });
      const settling = options?.settle;
      const found =
        settling === undefined
          ? await lookUp(parts, on, write)
          : await settle(parts, on, checkUser(settling, kinds), write);
      if (found === "open") return { outcome: "open" };
      if (found === "taken") return { outcome: "never" };
      return { outcome: "stored", result: writtenOf(resources, on.doc, found) };
    },
    verify: async (id, options) =>
      verifyDocument(onDocument(resources, checkId(id, kinds), start.longOver("verify", options))),
    repair: async (id, options) => {
      const on = start.on("repair", id, options);
      const folded = await repairView(on);
      await parts.views.bringRowsForward(on, folded);
      return readable(resources, on.doc, folded, false);
    },
    sweep: async (options) => sweep(parts, start.longOver("sweep", options)),
  };
}

function isIterable(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  const { [Symbol.asyncIterator]: inTime, [Symbol.iterator]: atOnce } = Object(value);
  return typeof inTime === "function" || typeof atOnce === "function";
}
