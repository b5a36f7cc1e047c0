import { AsyncResource } from "node:async_hooks";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { BaseFrom, RunRound } from "./round.ts";
import { type Applied, type WaitingCall, type WriteRequest, waitingCall } from "./waiting-call.ts";

/** The writes of one process, a queue for each document: writes of one document never race each other. */
export interface DocumentQueues {
  /** Queues a write and gives its outcome. */
  write(request: WriteRequest): Promise<Applied>;
  /** Does something while no write of a document is under way; those that come meanwhile wait for it. */
  exclusively<V>(doc: DocumentId, work: () => Promise<V>): Promise<V>;
  /** Waits until all queues are empty. */
  drained(): Promise<void>;
}

/** The calls that wait for a document, in two lines of which each has its turn. */
interface Queue {
  callers: WaitingCall[];
  readonly works: (() => Promise<void>)[];
  done: Promise<void>;
}

const maxRound = 64;

/** Makes the queues of one store. `atHome` runs work that serves several calls in the context of the store. */
export function createDocumentQueues(runRound: RunRound, atHome: <R>(work: () => R) => R): DocumentQueues {
  const queues = new Map<string, Queue>();

  const drain = async (doc: DocumentId, queue: Queue): Promise<void> => {
    let from: BaseFrom = "cache";
    while (queue.callers.length > 0 || queue.works.length > 0) {
      const work = queue.works.shift();
      if (work !== undefined) await work();
      const waiting = queue.callers.filter((caller) => !caller.settled);
      const round = waiting.slice(0, maxRound);
      queue.callers = waiting.slice(maxRound);
      if (round.length > 0) from = await runRound(doc, round, from);
      queue.callers.unshift(...round);
    }
    // in the same turn in which it was found empty, so that no call joins a queue that has ended
    queues.delete(idKey(doc));
  };

  const join = (
    doc: DocumentId,
    { callers = [], works = [] }: Partial<Pick<Queue, "callers" | "works">>,
  ): void => {
    const key = idKey(doc);
    const running = queues.get(key);
    if (running !== undefined) {
      running.callers.push(...callers);
      running.works.push(...works);
      return;
    }
    const queue: Queue = { callers, works, done: Promise.resolve() };
    queues.set(key, queue);
    // it serves those that join it too
    queue.done = atHome(() => drain(doc, queue));
  };

  return {
    write: (request) => {
      const { caller, outcome } = waitingCall(request);
      join(request.doc, { callers: [caller] });
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
