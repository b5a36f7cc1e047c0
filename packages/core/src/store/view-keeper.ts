import { clearTimeout, setTimeout as startTimer } from "node:timers";
import type { Folded } from "../fold/folded.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { ViewOutcome } from "../port/view.ts";
import { viewOf } from "../projection/view-of.ts";
import { versionSeen } from "./check-view.ts";
import { type Limit, startLimit } from "./limit.ts";
import { type LoadedHead, loadHead } from "./load-head.ts";
import type { Resources } from "./resources.ts";
import type { RowKeeper } from "./row-keeper.ts";
import { viewRefused } from "./view-refused.ts";

/** How far the view of a stored event is. */
export type ViewState = "current" | "behind" | "refused";

/** Sees to it that views, and behind them the rows of projections, come to where their logs are. */
export interface ViewKeeper {
  /**
   * After an event was stored: writes what is not written yet, and keeps trying in the background where it
   * cannot be. Never throws.
   */
  follow(doc: DocumentId, folded: Folded, outcome: ViewOutcome | undefined, limit: Limit): Promise<ViewState>;
  /** As `follow` where a view that was read with its head is behind. Never throws. */
  catchUp(doc: DocumentId, head: LoadedHead, limit: Limit): Promise<ViewState>;
  /**
   * Brings a document's view and rows to the head of its log. Whether anything had to be written. Throws what reading
   * and writing throw.
   */
  bringForward(doc: DocumentId, limit: Limit): Promise<boolean>;
  /** Waits until this process's own pending view writes (of one document, or all) are done. */
  settled(doc: DocumentId | undefined, limit: Limit): Promise<void>;
  /** Tries what is pending once more and stops. */
  close(): Promise<void>;
}

const longestPause = 5_000;

interface Pending {
  readonly done: Promise<void>;
  readonly retryNow: () => void;
}

/** Makes the keeper of one store. */
export function createViewKeeper(resources: Resources, rows: RowKeeper): ViewKeeper {
  const pending = new Map<string, Pending>();
  let closing = false;

  const bringForward = async (doc: DocumentId, limit: Limit): Promise<boolean> => {
    const { views } = await resources.opened(limit);
    for (let wrote = false; ; wrote = true) {
      const { folded, view } = await loadHead(resources, doc, limit, true);
      if (versionSeen(folded, view) >= folded.version)
        return (await rows.bringForward(doc, folded, limit)) || wrote;
      const outcome = await views.write(viewOf(folded, doc, resources.types), "lower", limit.call());
      if (outcome === "current") {
        await rows.bringForward(doc, folded, limit);
        return true;
      }
      if (outcome === "refused") throw viewRefused(doc, folded.version);
      if (outcome !== "inserted") throw new Error(`the view is ${outcome}`);
      // what was inserted where nothing was may belong to a document that was deleted meanwhile: look once
      // more
    }
  };

  /**
   * Writes the view where that was not done yet, and looks at the head once more where nothing was there to
   * be compared with.
   */
  const write = async (
    doc: DocumentId,
    folded: Folded,
    known: ViewOutcome | undefined,
    limit: Limit,
  ): Promise<ViewOutcome> => {
    const { views, log } = await resources.opened(limit);
    const outcome = known ?? (await views.write(viewOf(folded, doc, resources.types), "lower", limit.call()));
    if (outcome !== "inserted") return outcome;
    const head = await log.head(doc, folded.version, limit.call());
    if (head !== undefined && head.version > folded.version) await bringForward(doc, limit);
    return "current";
  };

  const keepTrying = (doc: DocumentId, version: number, cause: unknown): void => {
    resources.notice({ type: "view-behind", id: doc, version, cause });
    const key = idKey(doc);
    if (pending.has(key)) return;
    let wake: () => void = () => undefined;
    const run = async (): Promise<void> => {
      for (let attempt = 0; ; attempt++) {
        await new Promise<void>((resolve) => {
          const timer = startTimer(resolve, Math.min(longestPause, 50 * 2 ** attempt));
          timer.unref();
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          if (closing) wake();
        });
        try {
          await bringForward(doc, startLimit(undefined, doc));
          break;
        } catch {
          if (closing) break;
        }
      }
      pending.delete(key);
    };
    pending.set(key, { done: run(), retryNow: () => wake() });
  };

  const follow: ViewKeeper["follow"] = async (doc, folded, known, limit) => {
    const { version } = folded;
    try {
      const outcome = await write(doc, folded, known, limit);
      if (outcome === "refused") resources.notice({ type: "view-refused", id: doc, version });
      await rows.follow(doc, folded, limit);
      if (outcome !== "behind") return outcome === "refused" ? "refused" : "current";
      keepTrying(doc, version, undefined);
    } catch (cause) {
      keepTrying(doc, version, cause);
    }
    return "behind";
  };

  return {
    ...{ bringForward, follow },
    catchUp: async (doc, { folded, view }, limit) => {
      if (versionSeen(folded, view) < folded.version) return follow(doc, folded, undefined, limit);
      try {
        await rows.bringForward(doc, folded, limit);
      } catch (cause) {
        keepTrying(doc, folded.version, cause);
      }
      return "current";
    },
    settled: async (doc, limit) => {
      if (pending.size === 0) return;
      const awaited = doc === undefined ? [...pending.values()] : [pending.get(idKey(doc))];
      await withinLimit(Promise.all(awaited.map((one) => one?.done)), limit);
    },
    close: async () => {
      closing = true;
      for (const { retryNow } of pending.values()) retryNow();
      await Promise.all([...pending.values()].map(({ done }) => done));
    },
  };
}

/** Waits for a promise as long as the call may go on. */
async function withinLimit(promise: Promise<unknown>, limit: Limit): Promise<void> {
  let release: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    release = limit.onEnd(reject);
  });
  try {
    await Promise.race([promise, ended]);
  } finally {
    release();
  }
}
