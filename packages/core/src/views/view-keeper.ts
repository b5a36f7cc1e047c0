import { type OnDocument, onDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { KnownDocument } from "../context/state-cache.ts";
import { ConstraintError } from "../errors/constraint-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { SchemaTooNewError } from "../errors/schema-too-new-error.ts";
import type { Folded } from "../fold/folded.ts";
import { versionSeen } from "../history/check-view.ts";
import { noteTaken } from "../history/taken-views.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import { type Deadline, deadlineOfCall } from "../port/deadline.ts";
import type { ViewOutcome } from "../port/view.ts";
import { createPendingWork, type PendingWork } from "./pending-work.ts";
import type { RowKeeper } from "./row-keeper.ts";
import { viewRefused } from "./view-refused.ts";
import { bringForward, tryView, type ViewState, type ViewTry } from "./write-view.ts";

export type { ViewState };

/** The parts that were written together with an event; undefined where that is not known. */
export interface WrittenWith {
  readonly view: ViewOutcome | undefined;
  readonly rows?: boolean | undefined;
}

/** Sees to it that views, and behind them the rows of projections, come to where their logs are. */
export interface ViewKeeper {
  /**
   * After an event was stored: writes the view and rows that were not written with it, and keeps trying in the background
   * where that cannot be done. Never throws.
   */
  follow(on: OnDocument, folded: Folded, written: WrittenWith | undefined): Promise<ViewState>;
  /** As `follow` where a view that was read with its head is behind. Never throws. */
  catchUp(on: OnDocument, head: KnownDocument): Promise<ViewState>;
  /** Brings the rows of a document forward, as `follow` does. Never throws. */
  bringRowsForward(on: OnDocument, folded: Folded): Promise<void>;
  /**
   * Brings a document's view and rows to the head of its log. Whether anything had to be written. Throws the errors of
   * reading and writing.
   */
  bringForward(on: OnDocument): Promise<boolean>;
  /** Waits, a second at most, for this process's own pending writes of the views of some documents together, or of all. */
  settled(docs: readonly DocumentId[] | undefined, deadline: Deadline): Promise<void>;
  /** The same for rows. Whether none is pending any more. */
  rowsSettled(deadline: Deadline): Promise<boolean>;
  /** Tries all pending work once more and stops. */
  close(): Promise<void>;
}

/** Makes the keeper of one store. */
export function createViewKeeper(resources: Resources, rows: RowKeeper): ViewKeeper {
  const pendingViews = createPendingWork(resources.wait);
  const pendingRows = createPendingWork(resources.wait);

  /** Again and again in the background, until it is done or there is no use in it. */
  const keepTrying = (pending: PendingWork, doc: DocumentId): void =>
    resources.atHome(() =>
      pending.keepTrying(idKey(doc), async () => {
        try {
          await bringForward(onDocument(resources, doc, deadlineOfCall(undefined, doc)), rows);
          return true;
        } catch (error) {
          return isHopeless(error);
        }
      }),
    );

  /** Rows fail no call and keep no reader of views waiting. */
  const tryRows = async (doc: DocumentId, version: number, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (cause) {
      resources.notice({ type: "rows-behind", id: doc, version, cause });
      if (!isHopeless(cause)) keepTrying(pendingRows, doc);
    }
  };

  const bringRowsForward = (on: OnDocument, folded: Folded): Promise<void> =>
    tryRows(on.doc, folded.version, () => rows.bringForward(on, folded));

  const follow: ViewKeeper["follow"] = async (on, folded, written) => {
    const hasRows = written?.rows === true || rows.projections.length === 0;
    if (written?.view === "current" && hasRows) return "current";
    const tried = await tryView(on, rows, folded, written?.view);
    await tellOf(on, folded.version, tried);
    if (tried.became === "behind") keepTrying(pendingViews, on.doc);
    if (!hasRows) await tryRows(on.doc, folded.version, () => rows.follow(on, folded));
    return tried.became;
  };

  return {
    follow,
    bringRowsForward,
    bringForward: (on) => bringForward(on, rows),
    catchUp: async (on, { folded, view }) => {
      if (versionSeen(folded, view) < folded.version) return follow(on, folded, undefined);
      await bringRowsForward(on, folded);
      return "current";
    },
    settled: async (docs, deadline) => {
      await pendingViews.settled(docs?.map(idKey), deadline);
    },
    rowsSettled: (deadline) => pendingRows.settled(undefined, deadline),
    close: async () => {
      await Promise.all([pendingViews.close(), pendingRows.close()]);
    },
  };
}

/** Tells of a view that is not up to date, and notes one that another program took away. */
async function tellOf(on: OnDocument, version: number, { became, cause }: ViewTry): Promise<void> {
  const { doc, resources } = on;
  if (became === "refused") {
    const { views } = await on.opened();
    const reason = cause ?? (await viewRefused(on, views, version));
    resources.notice({ type: "view-refused", id: doc, version, cause: reason });
  }
  if (became === "drift") {
    resources.notice({ type: "view-drift", id: doc, version });
    await noteTaken(on, version).catch(() => undefined);
  }
  if (became === "behind") resources.notice({ type: "view-behind", id: doc, version, cause });
}

/** Whether there is no use in trying again: the storage refuses it, or this store's schema cannot read the document. */
function isHopeless(error: unknown): boolean {
  return [ConstraintError, DriftError, SchemaTooNewError, MigrationError].some((one) => error instanceof one);
}
