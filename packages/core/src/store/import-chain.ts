import { snapshotDue } from "../fold/snapshot.ts";
import { viewOf } from "../projection/view-of.ts";
import { type Appended, append } from "./append.ts";
import { hasOthers, undecided } from "./import-faults.ts";
import { type ImportRun, refusesRevision } from "./import-run.ts";
import type { WaitingRevision } from "./imported-event.ts";
import { batchTimeoutMs, type ImportingDocument, withoutFirst } from "./importing-document.ts";
import { type Limit, startLimit } from "./limit.ts";

/**
 * Stores a document's waiting events as one chain; a foreign event in their way ends the document's import. Where the
 * storage refuses the chain, shorter ones find the revision that it refuses; those behind it are built anew without it.
 */
export async function storeWaiting(run: ImportRun, document: ImportingDocument): Promise<void> {
  const { doc } = document;
  const limit = startLimit({ timeoutMs: batchTimeoutMs }, doc);
  let rest: readonly WaitingRevision[] = document.waiting;
  document.waiting = [];
  let atOnce = rest.length;
  while (rest.length > 0) {
    const chain = rest.slice(0, atOnce);
    const { stored, failure } = await storeChain(run, document, chain, limit);
    rest = rest.slice(stored);
    if (failure === undefined) atOnce = chain.length * 2;
    else if (failure.why === "open") throw undecided(doc, batchTimeoutMs);
    else if (failure.why !== "refused") {
      document.conflict = hasOthers(doc, failure.occupant.version);
      return;
    } else if (!refusesRevision(failure.error)) throw failure.error;
    else if (stored === 0 && chain.length > 1) atOnce = Math.ceil(chain.length / 2);
    else {
      rest = withoutFirst(run, document, rest, failure.error);
      atOnce = 1;
    }
  }
}

async function storeChain(
  { parts, counts }: ImportRun,
  document: ImportingDocument,
  chain: readonly WaitingRevision[],
  limit: Limit,
): Promise<Appended> {
  const { resources, batcher, views, snapshots } = parts;
  const { doc } = document;
  const sendings = chain.map(({ built: { event, folded } }, i) => ({
    event,
    ...(i === chain.length - 1 && { view: viewOf(folded, doc, resources.types) }),
    keyed: true,
    given: () => limit.remaining() === 0,
    sent: () => undefined,
  }));
  const appended = await append(resources, batcher, sendings, limit);
  const stored = chain.slice(0, appended.stored).map(({ built }) => built.folded);
  counts.events += stored.length;
  for (const folded of stored) if (snapshotDue(folded, resources.types)) snapshots.keep(doc, folded);
  const last = stored.at(-1);
  if (last !== undefined) {
    document.version = last.version;
    const due = snapshotDue(last, resources.types);
    const folded = due ? { ...last, since: 0 } : last;
    resources.cache.put(doc, { folded, view: undefined });
    await views.follow(doc, last, appended.view, limit);
  }
  return appended;
}
