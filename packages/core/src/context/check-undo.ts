import { MomentError } from "../errors/moment-error.ts";
import { checkMoment } from "../model/moment.ts";
import { isPath } from "../patch/apply-patches.ts";
import type { Path } from "../value/path.ts";
import { optionsError } from "./check-options.ts";
import type { PlanUndoOptions } from "./options.ts";

/** The places of an undo, and the rule for those that later events touched. Throws OptionsError. */
export function checkUndo({ paths, onConflict }: PlanUndoOptions): {
  readonly paths: readonly Path[] | undefined;
  readonly onConflict: "stop" | "keep" | "take";
} {
  if (paths !== undefined && !(Array.isArray(paths) && paths.length > 0 && paths.every(isPath)))
    throw optionsError("paths", "it is a list of paths, each a list of keys and indexes");
  if (onConflict !== undefined && onConflict !== "keep" && onConflict !== "take")
    throw optionsError("onConflict", 'it is "keep" or "take"');
  return { paths: paths?.map((path) => [...path]), onConflict: onConflict ?? "stop" };
}

/** The version of an event to undo. Throws MomentError. */
export function undoneVersion(undone: unknown): number {
  const moment = checkMoment(undone);
  if ("version" in moment) return moment.version;
  throw new MomentError({ reason: "one event is undone, so expected { version }", expected: "moment" });
}
