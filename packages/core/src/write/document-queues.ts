import { AsyncResource } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { limitOfAll } from "../context/limit.ts";
import { type OnDocument, onDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { KnownDocument } from "../context/state-cache.ts";
import { loadHead } from "../history/load-head.ts";
import { replay } from "../history/replay.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { KnownView, View } from "../port/view.ts";
import { viewOf } from "../projection/view-of.ts";
import type { RowKeeper } from "../views/row-keeper.ts";
import type { ViewKeeper } from "../views/view-keeper.ts";
import { type Appended, append, type Sending } from "./append.ts";
import type { Batcher } from "./batcher.ts";
import { type Planned, planChain } from "./plan-chain.ts";
import type { SnapshotKeeper } from "./snapshot-keeper.ts";
import { type Applied, type WaitingCall, type WriteRequest, waitingCall } from "./waiting-call.ts";
import { conflict, keyReused } from "./write-errors.ts";

/** The writes of one process, a queue for each document: writes of one document never race each other. */
export interface DocumentQueues {
  /** Queues a write and gives its outcome. */
  write(request: WriteRequest): Promise<Applied>;
  /** Does something while no write of a document is under way; those that come meanwhile wait for it. */
  exclusively<V>(doc: DocumentId, work: () => Promise<V>): Promise<V>;
  /** Waits until all queues are empty. */
  drained(): Promise<void>;
}

/** The document that calls are decided on, and whether it was compared with the head of the log. */
type Base = KnownDocument & { readonly compared: boolean };

/** What waits for a document, in two lines of which each has its turn. */
interface Queue {
  calls: WaitingCall[];
  readonly works: (() => Promise<void>)[];
  done: Promise<void>;
}

/** What comes with events, and after them. */
interface Keepers {
  readonly views: ViewKeeper;
  readonly rows: RowKeeper;
  readonly snapshots: SnapshotKeeper;
}

type PlannedEvent = Extract<Planned, { built: unknown }>;

const maxRound = 64;

/** Makes the queues of one store. */
export function createDocumentQueues(
  resources: Resources,
  batcher: Batcher,
  { views, rows, snapshots }: Keepers,
): DocumentQueues {
  const queues = new Map<string, Queue>();

  const drain = async (doc: DocumentId, queue: Queue): Promise<void> => {
    let known = true;
    while (queue.calls.length > 0 || queue.works.length > 0) {
      const work = queue.works.shift();
      if (work !== undefined) await work();
      const round = queue.calls.filter((call) => !call.settled()).slice(0, maxRound);
      queue.calls = queue.calls.filter((call) => !call.settled() && !round.includes(call));
      // a round that ended in a conflict starts the next one from the log
      known = await runRound(doc, round, known);
      queue.calls.unshift(...round.filter((call) => !call.settled()));
    }
    // in the same turn in which it was found empty, so that no call joins a queue that has ended
    queues.delete(idKey(doc));
  };

  /** Decides and stores one round of calls. Whether the cache may serve the next round. */
  const runRound = async (
    doc: DocumentId,
    round: readonly WaitingCall[],
    known: boolean,
  ): Promise<boolean> => {
    const limit = limitOfAll(round.map((call) => call.limit));
    for (const call of round) call.triedAt = performance.now();
    try {
      await resources.clock.refresh();
      await findStored(doc, round);
      const calls = round.filter((call) => !call.settled());
      if (calls.length === 0) return known;
      const cached = known ? resources.cache.get(doc) : undefined;
      const on = onDocument(resources, doc, limit);
      let base = cached ?? (await loadHead(on, true));
      let planned = await planChain(resources, doc, base.folded, calls);
      let compared = cached === undefined;
      if (!compared && !planned.some((one) => "built" in one)) {
        // what stores nothing has no slot that decides it: a guess from the cache is compared with the head
        // first
        base = await loadHead(on, true);
        planned = await planChain(resources, doc, base.folded, calls);
        compared = true;
      }
      return await carryOut(on, planned, { ...base, compared });
    } catch (error) {
      for (const call of round) call.giveUp(error);
      return false;
    }
  };

  const carryOut = async (on: OnDocument, planned: readonly Planned[], base: Base): Promise<boolean> => {
    const { doc, limit } = on;
    const chain = planned.filter((one) => "built" in one);
    // whose time was up while its event was planned was told that nothing is stored: the others are planned without it
    if (chain.some(({ call }) => call.settled())) return false;
    const wanted = chain.at(-1) && viewOf((chain.at(-1) as PlannedEvent).built.folded, doc, resources.types);
    const appended: Appended =
      wanted === undefined
        ? { stored: 0, view: "current" }
        : await append(resources, batcher, await sendings(on, chain, wanted, base), limit);
    const stored = chain.slice(0, appended.stored);
    const view =
      stored.length > 0
        ? await followStored(on, stored, appended, wanted as View)
        : base.compared
          ? await views.catchUp(on, base)
          : undefined;
    let before = 0;
    for (const one of planned) {
      if (before > appended.stored) break;
      if ("built" in one) {
        if (view !== undefined && before < appended.stored) one.call.succeed({ ...one.built, view });
        else await failed(one.call, appended.failure);
        before++;
      } else if (view !== undefined) {
        // decided on a state that really was the head: it was compared with it, or the next event found its
        // slot behind it; that state may hold the same act, stored by another process since its key was looked up
        if (one.call.keyed) {
          one.call.looked = false;
          await findStored(doc, [one.call]);
        }
        if ("error" in one) one.call.fail(one.error);
        else one.call.succeed({ folded: one.unchanged, view });
      }
    }
    return appended.failure === undefined;
  };

  /** The events of a chain, the last one with its view and its rows. */
  const sendings = async (
    on: OnDocument,
    chain: readonly PlannedEvent[],
    view: View,
    base: Base,
  ): Promise<Sending[]> => {
    const { call: lastCall, built: newest } = chain.at(-1) as PlannedEvent;
    const events = chain.map(({ built }) => built.event);
    const rowsWithIt = await lastCall.inContext(() => rows.withEvents(on, newest.folded, events));
    return chain.map(({ call, built }, i) => ({
      event: built.event,
      ...(i === chain.length - 1 && { view, before: knownAt(base), rows: rowsWithIt }),
      keyed: call.keyed,
      given: call.settled,
      sent: (version) => {
        call.sentTo = version;
      },
      doubted: (cause) => {
        call.doubt = cause;
      },
    }));
  };

  /** What comes after events are stored: their snapshots, the cache, the view of the last one. */
  const followStored = async (
    on: OnDocument,
    stored: readonly PlannedEvent[],
    appended: Appended,
    view: View,
  ): Promise<Applied["view"]> => {
    const { doc } = on;
    for (const { built, snapshotDue } of stored) if (snapshotDue) snapshots.keep(doc, built.folded);
    const { built, snapshotDue, call } = stored.at(-1) as PlannedEvent;
    const folded = snapshotDue ? { ...built.folded, since: 0 } : built.folded;
    resources.cache.put(doc, { folded, view: undefined });
    // rows show the event of this call
    const became = await call.inContext(() => views.follow(on, built.folded, appended));
    if (became === "drift") resources.cache.delete(doc);
    // where its snapshot failed the document was forgotten meanwhile
    const isKept = resources.cache.get(doc)?.folded === folded;
    if (became === "current" && isKept && view.version === folded.version)
      resources.cache.put(doc, { folded, view });
    return became;
  };

  const failed = async (call: WaitingCall, failure: Appended["failure"]): Promise<void> => {
    if (failure?.why === "refused") call.fail(failure.error);
    if (failure?.why === "elsewhere") call.looked = false;
    if (failure?.why !== "conflict") return;
    const { occupant } = failure;
    call.conflicts++;
    call.occupant = occupant;
    // decided anew on the newer state, which blanks alone do not change
    if (call.expectedVersion !== undefined) return;
    const { version } = occupant;
    const lost = (): void => call.fail(conflict(call, version - 1, occupant));
    if (call.conflicts > (call.retries ?? Number.POSITIVE_INFINITY)) return lost();
    const tryMs = performance.now() - call.triedAt;
    const attempt = call.conflicts;
    call.inContext(() => resources.notice({ type: "conflict-retry", id: call.doc, version, attempt }));
    await delay(pauseOf(call));
    // a try that its time would end half-way leaves the outcome open, where this one is known to have lost
    if (call.limit.remaining() < Math.min(tryMs * 2, call.time / 10)) lost();
  };

  /** With a key nothing is reported before its event was looked for: the act may be done already. */
  const findStored = async (doc: DocumentId, round: readonly WaitingCall[]): Promise<void> => {
    for (const call of round) {
      if (call.looked || call.settled()) continue;
      const on = onDocument(resources, doc, call.limit);
      try {
        const event = await on.byId(call.signature.eventId);
        call.looked = true;
        if (event === undefined) {
          call.sentTo = undefined;
          continue;
        }
        if (!isSameAct(call, event)) {
          call.fail(keyReused(call, event));
          continue;
        }
        const { folded } = await replay(on, { version: event.version });
        // the process that stored it may have ended before its view was written
        const view = await call.inContext(() => views.follow(on, folded, undefined));
        call.succeed({ folded, event, view, repeated: true });
      } catch (error) {
        call.giveUp(error);
      }
    }
  };

  const join = (doc: DocumentId, what: Partial<Pick<Queue, "calls" | "works">>): void => {
    const { calls = [], works = [] } = what;
    const key = idKey(doc);
    const running = queues.get(key);
    if (running !== undefined) {
      running.calls.push(...calls);
      running.works.push(...works);
    } else {
      const queue = { calls, works, done: Promise.resolve() };
      queues.set(key, queue);
      // it serves those that join it too
      queue.done = resources.atHome(() => drain(doc, queue));
    }
  };

  return {
    write: (request) => {
      const { call, outcome } = waitingCall(request);
      join(request.doc, { calls: [call] });
      return outcome;
    },
    exclusively: (doc, work) =>
      new Promise((resolve, reject) => {
        const context = new AsyncResource("everdraft.exclusively");
        join(doc, { works: [() => context.runInAsyncScope(work).then(resolve, reject)] });
      }),
    drained: async () => {
      while (queues.size > 0) await Promise.all([...queues.values()].map(({ done }) => done));
    },
  };
}

/**
 * The view that is there, as far as the base knows. Of one that is behind its log nobody knows: the events that it has not
 * seen may have taken it away meanwhile.
 */
function knownAt({ folded, view }: Base): KnownView {
  return typeof view === "object" && view.version < folded.version ? undefined : view;
}

/** The same user's same call, with the same argument. */
function isSameAct({ signature: { user, given } }: WaitingCall, event: StoredEvent): boolean {
  if (idKey(event.by) !== idKey(user)) return false;
  try {
    return event.given === given?.(event.salt);
  } catch {
    // what cannot even be stored was never given before
    return false;
  }
}

/**
 * How long a call waits after a conflict, in milliseconds: at random, from the length of a try on and twice as long with every
 * conflict, so that the many who want one slot come one after another; at most a quarter of the call's time, and less
 * the less of it is left, so that who waits longest comes soonest.
 */
function pauseOf({ conflicts, limit, time, triedAt }: WaitingCall): number {
  const urgency = Math.min(1, limit.remaining() / Math.max(1, time));
  const longest = Math.min(time / 4, (performance.now() - triedAt) * 2 ** (conflicts - 1));
  return Math.random() * urgency * longest;
}
