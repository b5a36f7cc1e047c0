import type { Folded } from "../fold/folded.ts";
import type { Refusal } from "../port/refusal.ts";
import type { KnownView, View } from "../port/view.ts";
import { isIntact } from "../port/view-digest.ts";
import { viewOf } from "../projection/view-of.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { FoundView } from "./read-views.ts";

/**
 * A fault of a document. `event`: an event is changed, moved, out of order or missing. `doubled`: two events hold one
 * version or have one id. `cut`: the log ends before the version that the view has seen. `behind`: the view waits to be brought forward.
 * `drift`: the view is not the fold of the log.
 */
export interface Finding {
  /** The kind. */
  readonly kind: "event" | "doubled" | "cut" | "behind" | "drift";
  /** The version at which it is. */
  readonly version: number;
  /** The fault in words, and its remedy. */
  readonly message: string;
}

/** The fault of a view, compared with the fold of the log, or undefined. */
export function checkView(folded: Folded, view: FoundView, types: ValueTypes): Finding | undefined {
  const { version } = folded;
  if (view === "unreadable") {
    const message =
      "The view cannot be read: it was written to directly, or is damaged. repair rewrites it from the log.";
    return { kind: "drift", version, message };
  }
  const seen = versionSeen(folded, view);
  if (seen > version) {
    const message = `The view has seen version ${seen}, but the log ends at ${version}. Restore the log; repair rewrites the view from what is left.`;
    return { kind: "cut", version: version + 1, message };
  }
  if (seen < version) {
    const message = `The view has version ${seen} of ${version}. read, an edit or repair brings it forward; sweep, where the event is of late.`;
    return { kind: "behind", version: seen, message };
  }
  if (view === undefined || isOf(view, folded, types)) return undefined;
  const message =
    "The view is not what the log gives: it was written to directly. repair rewrites it from the log.";
  return { kind: "drift", version, message };
}

/** A view that is behind, where its storage tells that the collection refuses it, or may: only the remedy helps then. */
export function refusedBehind(behind: Finding, { reason, remedy, isSuspected }: Refusal): Finding {
  const message = isSuspected
    ? `${behind.message} It may also be refused by the collection: ${reason}. ${remedy}`
    : `The view stays at version ${behind.version}, since the collection refuses a newer one: ${reason}. ${remedy}`;
  return { ...behind, message };
}

/** The version up to which a view has seen its log. Where there is none, that is right for a deleted document. */
export function versionSeen({ version, state }: Folded, view: KnownView): number {
  return typeof view === "object" ? view.version : state === undefined ? version : 0;
}

/** Whether a view is the one that its log gives: `find` gives its facts as they are. Only its weight may differ. */
function isOf(view: View, folded: Folded, types: ValueTypes): boolean {
  const { since } = view;
  return isIntact(view, types) && viewOf({ ...folded, since }, view.id, types).digest === view.digest;
}
