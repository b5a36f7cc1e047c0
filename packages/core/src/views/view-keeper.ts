import { deadlineOfCall } from "../context/deadline.ts";
import { type OnDocument, onDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { KnownDocument } from "../context/state-cache.ts";
import { ConstraintError } from "../errors/constraint-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { SchemaTooNewError } from "../errors/schema-too-new-error.ts";
import type { Folded } from "../fold/folded.ts";
import { versionSeen } from "../history/check-view.ts";
import { loadHead } from "../history/load-head.ts";
import { noteTaken } from "../history/taken-views.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { Deadline } from "../port/deadline.ts";
import type { ViewOutcome } from "../port/view.ts";
import { viewOf } from "../projection/view-of.ts";
import { createPendingWork } from "./pending-work.ts";
import type { RowKeeper } from "./row-keeper.ts";
import { viewBehind, viewRefused } from "./view-refused.ts";

/** How far the view of a stored event is. */
export type ViewState = "current" | "behind" | "refused" | "drift";

/** What was written together with an event; undefined where that is not known. */
export interface WrittenWith {
  readonly view: ViewOutcome | undefined;
  readonly rows?: boolean | undefined;
}

/** Sees to it that views, and behind them the rows of projections, come to where their logs are. */
export interface ViewKeeper {
  /**
   * After an event was stored: writes what was not written with it, and keeps trying in the background where that
   * cannot be done. Never throws.
   */
  follow(on: OnDocument, folded: Folded, written: WrittenWith | undefined): Promise<ViewState>;
  /** As `follow` where a view that was read with its head is behind. Never throws. */
  catchUp(on: OnDocument, head: KnownDocument): Promise<ViewState>;
  /**
   * Brings a document's view and rows to the head of its log. Whether anything had to be written. Throws what reading
   * and writing throw.
   */
  bringForward(on: OnDocument): Promise<boolean>;
  /** Waits, a second at most, for this process's own pending writes of the view of a document, or of all. */
  settled(doc: DocumentId | undefined, deadline: Deadline): Promise<void>;
  /** The same for rows. Whether none is pending any more. */
  rowsSettled(deadline: Deadline): Promise<boolean>;
  /** Tries what is pending once more and stops. */
  close(): Promise<void>;
}

/** Makes the keeper of one store. */
export function createViewKeeper(resources: Resources, rows: RowKeeper): ViewKeeper {
  const pendingViews = createPendingWork(resources.wait);
  const pendingRows = createPendingWork(resources.wait);

  const bringForward = async (on: OnDocument): Promise<boolean> => {
    const { doc, deadline } = on;
    const { views } = await on.opened();
    for (let wrote = false; ; wrote = true) {
      const { folded, view } = await loadHead(on, true);
      if (versionSeen(folded, view) >= folded.version) return (await rows.bringForward(on, folded)) || wrote;
      const outcome = await views.write(viewOf(folded, doc, resources.types), "lower", deadline.call());
      if (outcome === "current") {
        await rows.bringForward(on, folded);
        return true;
      }
      if (outcome === "refused") throw await viewRefused(on, views, folded.version);
      if (outcome === "drift") throw new DriftError({ id: doc, version: folded.version, found: "changed" });
      if (outcome === "behind") throw viewBehind(doc, folded.version);
      // what was inserted where nothing was may belong to a document that was deleted meanwhile: look once
      // more
    }
  };

  /**
   * Writes the view where that was not done yet, and looks at the head once more where nothing was there to
   * be compared with: a newer writer may have taken the view away, or be about to write it.
   */
  const write = async (
    on: OnDocument,
    folded: Folded,
    known: ViewOutcome | undefined,
  ): Promise<ViewState> => {
    const { doc, deadline } = on;
    const { views } = await on.opened();
    const outcome =
      known ?? (await views.write(viewOf(folded, doc, resources.types), "lower", deadline.call()));
    if (outcome !== "inserted" && outcome !== "drift") return outcome;
    const head = await on.head(folded.version);
    const isNewest = head === undefined || head.version <= folded.version;
    if (isNewest) return outcome === "inserted" ? "current" : "drift";
    await bringForward(on);
    return "current";
  };

  const tryView: typeof write = async (on, folded, known) => {
    const { doc } = on;
    const { version } = folded;
    let became: ViewState = "behind";
    let cause: unknown;
    try {
      became = await write(on, folded, known);
    } catch (error) {
      cause = error;
      if (error instanceof DriftError) became = "drift";
      if (error instanceof ConstraintError) became = "refused";
    }
    if (became === "refused") {
      const { views } = await on.opened();
      cause ??= await viewRefused(on, views, version);
      resources.notice({ type: "view-refused", id: doc, version, cause });
    }
    if (became === "drift") {
      resources.notice({ type: "view-drift", id: doc, version });
      await noteTaken(on, version).catch(() => undefined);
    }
    if (became === "behind") {
      resources.notice({ type: "view-behind", id: doc, version, cause });
      keepTrying(pendingViews, doc);
    }
    return became;
  };

  /** Rows fail no call and keep no reader of views waiting. */
  const tryRows = async (doc: DocumentId, version: number, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (cause) {
      resources.notice({ type: "rows-behind", id: doc, version, cause });
      if (!isHopeless(cause)) keepTrying(pendingRows, doc);
    }
  };

  /** Again and again in the background, until it is done or there is no use in it. */
  const keepTrying = (pending: ReturnType<typeof createPendingWork>, doc: DocumentId): void =>
    resources.atHome(() =>
      pending.keepTrying(idKey(doc), async () => {
        try {
          await bringForward(onDocument(resources, doc, deadlineOfCall(undefined, doc)));
          return true;
        } catch (error) {
          return isHopeless(error);
        }
      }),
    );

  const follow: ViewKeeper["follow"] = async (on, folded, written) => {
    const became = await tryView(on, folded, written?.view);
    if (written?.rows !== true) await tryRows(on.doc, folded.version, () => rows.follow(on, folded));
    return became;
  };

  return {
    bringForward,
    follow,
    catchUp: async (on, { folded, view }) => {
      if (versionSeen(folded, view) < folded.version) return follow(on, folded, undefined);
      await tryRows(on.doc, folded.version, () => rows.bringForward(on, folded));
      return "current";
    },
    settled: async (doc, deadline) => {
      await pendingViews.settled(doc === undefined ? undefined : idKey(doc), deadline);
    },
    rowsSettled: (deadline) => pendingRows.settled(undefined, deadline),
    close: async () => {
      await Promise.all([pendingViews.close(), pendingRows.close()]);
    },
  };
}

/** Whether there is no use in trying again: the storage refuses it, or this store's schema cannot read the document. */
function isHopeless(error: unknown): boolean {
  return [ConstraintError, DriftError, SchemaTooNewError, MigrationError].some((one) => error instanceof one);
}
