import type { OnDocument } from "../context/on-document.ts";
import { ConstraintError } from "../errors/constraint-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import type { Folded } from "../fold/folded.ts";
import { versionSeen } from "../history/check-view.ts";
import { loadHead } from "../history/load-head.ts";
import type { ViewOutcome } from "../port/view.ts";
import { viewOf } from "../projection/view-of.ts";
import type { RowKeeper } from "./row-keeper.ts";
import { viewBehind, viewRefused } from "./view-refused.ts";

/** How far the view of a stored event is. */
export type ViewState = "current" | "behind" | "refused" | "drift";

/** How a try to write a view ended, and the error that ended it, if one did. */
export interface ViewTry {
  readonly became: ViewState;
  readonly cause: unknown;
}

/**
 * Brings a document's view and rows to the head of its log. Whether anything had to be written. Throws the errors of
 * reading and writing.
 */
export async function bringForward(on: OnDocument, rows: RowKeeper): Promise<boolean> {
  const { doc } = on;
  for (let wrote = false; ; wrote = true) {
    const { folded, view } = await loadHead(on);
    if (versionSeen(folded, view) >= folded.version) return (await rows.bringForward(on, folded)) || wrote;
    const outcome = await writeLower(on, folded);
    if (outcome === "current") {
      await rows.bringForward(on, folded);
      return true;
    }
    if (outcome === "refused") throw await viewRefused(on, (await on.opened()).views, folded.version);
    if (outcome === "drift") throw new DriftError({ id: doc, version: folded.version, found: "changed" });
    if (outcome === "behind") throw viewBehind(doc, folded.version);
    // a view that was inserted where none was may belong to a document that was deleted meanwhile: look once more
  }
}

/**
 * Writes the view of a version where that was not done yet (`known`: the outcome of the write that was), and looks at the
 * head once more where nothing was there to be compared with: a newer writer may have taken the view away, or be about to
 * write it. Never throws.
 */
export async function tryView(
  on: OnDocument,
  rows: RowKeeper,
  folded: Folded,
  known: ViewOutcome | undefined,
): Promise<ViewTry> {
  try {
    return { became: await writeView(on, rows, folded, known), cause: undefined };
  } catch (cause) {
    if (cause instanceof DriftError) return { became: "drift", cause };
    return { became: cause instanceof ConstraintError ? "refused" : "behind", cause };
  }
}

async function writeLower(
  { doc, deadline, resources, opened }: OnDocument,
  folded: Folded,
): Promise<ViewOutcome> {
  const { views } = await opened();
  return views.write(viewOf(folded, doc, resources.types), "lower", deadline.call());
}

async function writeView(
  on: OnDocument,
  rows: RowKeeper,
  folded: Folded,
  known: ViewOutcome | undefined,
): Promise<ViewState> {
  const outcome = known ?? (await writeLower(on, folded));
  // a try of the event whose answer was lost may have inserted its view, where the document was deleted by then
  const mayBeInserted = outcome === "inserted" || (known === undefined && outcome === "current");
  if (!mayBeInserted && outcome !== "drift") return outcome;
  const head = await on.head(folded.version);
  const isNewest = head === undefined || head.version <= folded.version;
  if (isNewest) return outcome === "drift" ? "drift" : "current";
  await bringForward(on, rows);
  return "current";
}
