import { setTimeout as delay } from "node:timers/promises";
import { KeyReusedError } from "../errors/key-reused-error.ts";
import { type DocumentId, idKey, showId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { viewOf } from "../projection/view-of.ts";
import { type Appended, append, type Sending } from "./append.ts";
import type { Batcher } from "./batcher.ts";
import { type Limit, limitOfAll } from "./limit.ts";
import { type LoadedHead, loadHead } from "./load-head.ts";
import { conflict, type Planned, planChain } from "./plan-chain.ts";
import { replay } from "./replay.ts";
import type { Resources } from "./resources.ts";
import type { SnapshotKeeper } from "./snapshot-keeper.ts";
import type { ViewKeeper } from "./view-keeper.ts";
import { type Applied, type WaitingCall, type WriteRequest, waitingCall } from "./waiting-call.ts";

/** The writes of one process, a queue for each document: writes of one document never race each other. */
export interface DocumentQueues {
  /** Queues a write and gives its outcome. */
  write(request: WriteRequest): Promise<Applied>;
  /** Waits until all queues are empty. */
  drained(): Promise<void>;
}

type PlannedEvent = Extract<Planned, { built: unknown }>;

const maxConflicts = 8;
const maxRound = 64;

/** Makes the queues of one store. */
export function createDocumentQueues(
  resources: Resources,
  batcher: Batcher,
  views: ViewKeeper,
  snapshots: SnapshotKeeper,
): DocumentQueues {
  const queues = new Map<string, { calls: WaitingCall[]; done: Promise<void> }>();

  const drain = async (doc: DocumentId, queue: { calls: WaitingCall[] }): Promise<void> => {
    let known = true;
    while (queue.calls.length > 0) {
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
    try {
      await resources.clock.refresh();
      await findStored(doc, round);
      const calls = round.filter((call) => !call.settled());
      if (calls.length === 0) return known;
      const cached = known ? resources.cache.get(doc) : undefined;
      let head = cached === undefined ? await loadHead(resources, doc, limit, true) : undefined;
      let planned = await planChain(resources, doc, cached ?? (head as LoadedHead).folded, calls);
      if (head === undefined && !planned.some((one) => "built" in one)) {
        // what stores nothing has no slot that decides it: a guess from the cache is compared with the head
        // first
        head = await loadHead(resources, doc, limit, true);
        planned = await planChain(resources, doc, head.folded, calls);
      }
      return await carryOut(doc, planned, head, limit);
    } catch (error) {
      for (const call of round) call.giveUp(error);
      return false;
    }
  };

  const carryOut = async (
    doc: DocumentId,
    planned: readonly Planned[],
    head: LoadedHead | undefined,
    limit: Limit,
  ): Promise<boolean> => {
    const chain = planned.filter((one) => "built" in one);
    // whose time was up while its event was planned was told that nothing is stored: the others are planned without it
    if (chain.some(({ call }) => call.settled())) return false;
    const appended: Appended =
      chain.length === 0
        ? { stored: 0, view: "current" }
        : await append(resources, batcher, sendings(doc, chain), limit);
    const view =
      appended.stored > 0
        ? await followStored(doc, chain.slice(0, appended.stored), appended, limit)
        : head && (await views.catchUp(doc, head, limit));
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

  const sendings = (doc: DocumentId, chain: readonly PlannedEvent[]): Sending[] =>
    chain.map(({ call, built }, i) => ({
      event: built.event,
      ...(i === chain.length - 1 && { view: viewOf(built.folded, doc, resources.types) }),
      keyed: call.keyed,
      given: call.settled,
      sent: (version) => {
        call.sentTo = version;
      },
    }));

  /** What comes after events are stored: their snapshots, the cache, the view of the last one. */
  const followStored = async (
    doc: DocumentId,
    stored: readonly PlannedEvent[],
    appended: Appended,
    limit: Limit,
  ): Promise<Applied["view"]> => {
    for (const { built, snapshotDue } of stored) if (snapshotDue) snapshots.keep(doc, built.folded);
    const { built, snapshotDue } = stored.at(-1) as PlannedEvent;
    resources.cache.put(doc, snapshotDue ? { ...built.folded, since: 0 } : built.folded);
    return views.follow(doc, built.folded, appended.view, limit);
  };

  const failed = async (call: WaitingCall, failure: Appended["failure"]): Promise<void> => {
    if (failure?.why === "refused") call.fail(failure.error);
    if (failure?.why === "elsewhere") call.looked = false;
    if (failure?.why !== "conflict") return;
    const { version, by } = failure.occupant;
    call.conflicts++;
    if (call.expectedVersion !== undefined || call.conflicts > maxConflicts) {
      call.fail(conflict(call, version - 1, version, by));
      return;
    }
    resources.notice({ type: "conflict-retry", id: call.doc, version, attempt: call.conflicts });
    await delay(Math.random() * Math.min(100, 2 ** call.conflicts));
  };

  /** With a key nothing is reported before its event was looked for: the act may be done already. */
  const findStored = async (doc: DocumentId, round: readonly WaitingCall[]): Promise<void> => {
    for (const call of round) {
      if (call.looked || call.settled()) continue;
      try {
        const { log } = await resources.opened(call.limit);
        const event = await log.byId(doc, call.signature.eventId, call.limit.call());
        call.looked = true;
        if (event === undefined) {
          call.sentTo = undefined;
          continue;
        }
        if (event.type !== call.act.type || idKey(event.by) !== idKey(call.signature.user)) {
          call.fail(keyReused(call, event));
          continue;
        }
        const { folded } = await replay(resources, doc, { version: event.version }, call.limit);
        // the process that stored it may have ended before its view was written
        call.succeed({ folded, event, view: await views.follow(doc, folded, undefined, call.limit) });
      } catch (error) {
        call.giveUp(error);
      }
    }
  };

  return {
    write: (request) => {
      const { call, outcome } = waitingCall(request);
      const key = idKey(request.doc);
      const running = queues.get(key);
      if (running !== undefined) running.calls.push(call);
      else {
        const queue = { calls: [call], done: Promise.resolve() };
        queues.set(key, queue);
        queue.done = drain(request.doc, queue);
      }
      return outcome;
    },
    drained: async () => {
      while (queues.size > 0) await Promise.all([...queues.values()].map(({ done }) => done));
    },
  };
}

function keyReused(call: WaitingCall, event: StoredEvent): KeyReusedError {
  const { doc: id } = call;
  const { id: eventId, version } = event;
  const message = `The key given for document ${showId(id)} was used before for another act: version ${version}, ${event.type} by ${showId(event.by)}. Use a new key for each act.`;
  return new KeyReusedError(message, { id, eventId, version });
}
