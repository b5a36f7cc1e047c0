import { checkCallOptions, optionsError } from "../context/check-options.ts";
import type { CallOptions } from "../context/options.ts";
import { type FoundView, readViews } from "../history/read-views.ts";
import type { DocumentId } from "../model/document-id.ts";
import { type Deadline, deadlineOfEach } from "../port/deadline.ts";
import type { EventLog } from "../port/event-log.ts";
import { partsOf } from "../store/parts-of.ts";
import type { Store } from "../store/store.ts";
import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import { each } from "./job/each.ts";
import { loggedPages } from "./job/logged-pages.ts";
import { orDamage } from "./rebuild/rebuild-document.ts";

/** How many documents' views have seen their newest event. */
export interface Behind<Id = unknown> {
  /** Documents looked at, living or deleted. */
  readonly documents: number;
  /** Documents whose view has not seen their newest event, or of which view or event cannot be read. */
  readonly behind: number;
  /** The first of those that are behind, where there are any: `verify` tells why. */
  readonly first?: Id;
}

/** The options of a count. */
export interface CountBehindOptions<Id = unknown> extends CallOptions {
  /** Hears after each hundred documents the counts so far, and the last of them. */
  readonly onProgress?: (counted: Behind<Id> & { readonly position: Id }) => void;
}

const names: OptionNames<CountBehindOptions> = { signal: true, timeoutMs: true, onProgress: true };

/**
 * Counts the documents whose view is behind its log: those that `get` and `find` show an older state of. Writes nothing.
 * Writers may go on, and documents that they write meanwhile may count either way. `sweep`, or `verify` with `repair`,
 * brings views forward.
 *
 * Cost: the newest event and the view of every document. `timeoutMs` is for each single read.
 *
 * @throws OptionsError, ClosedError, StorageError and its kin
 * @example
 * const { behind, documents } = await countBehind(orders);
 */
export async function countBehind<T extends object, Id>(
  store: Store<T, Id>,
  options?: CountBehindOptions<Id>,
): Promise<Behind<Id>>;
export async function countBehind(store: object, options: CountBehindOptions = {}): Promise<Behind> {
  checkCallOptions(options);
  refuseUnknownOptions(options, names, "countBehind");
  const { onProgress } = options;
  if (onProgress !== undefined && typeof onProgress !== "function")
    throw optionsError("onProgress", "it is a function");
  const { resources, track } = partsOf(store);
  const deadline = deadlineOfEach(options);

  const count = async (): Promise<Behind> => {
    const { log, views } = await resources.opened(deadline);
    let counted: Behind = { documents: 0, behind: 0 };
    for await (const ids of loggedPages(log, undefined, deadline)) {
      const found = await readViews(views, ids, deadline);
      const late: number[] = [];
      await each([...ids.entries()], async ([i, id]) => {
        // a document that cannot be read keeps nothing from the others; verify says more
        const looked = await orDamage(() => isBehind(log, id, found[i], deadline));
        if (looked.kind === "damaged" || looked.result) late.push(i);
      });
      const first = late.length > 0 ? (counted.first ?? ids[Math.min(...late)]) : counted.first;
      counted = {
        documents: counted.documents + ids.length,
        behind: counted.behind + late.length,
        ...(first !== undefined && { first }),
      };
      onProgress?.({ ...counted, position: ids.at(-1) });
    }
    return counted;
  };
  return track(count());
}

async function isBehind(
  log: EventLog,
  id: DocumentId,
  view: FoundView,
  deadline: Deadline,
): Promise<boolean> {
  if (view === "unreadable") return true;
  const head = await log.head(id, view?.version ?? 0, deadline.call());
  if (head === undefined || view?.version === head.version) return false;
  // a deleted document has no view where the storage takes it away
  const isGone = head.patches.some(({ op, path }) => op === "remove" && path.length === 0);
  return view !== undefined || !isGone;
}
