import { setImmediate as afterThisTurn } from "node:timers";
import type { Resources } from "../context/resources.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { eventBytes } from "../model/record.ts";
import { type Deadline, sharedDeadline, startDeadline, within } from "../port/deadline.ts";
import type { Append, Outcome } from "../port/event-log.ts";

/** Group commit: events of different documents share round trips. */
export interface Batcher {
  /** Stores a document's next events in order: one, or a chain. Never rejects: a failure is an outcome. */
  commit(appends: readonly Append[], deadline: Deadline): Promise<readonly Outcome[]>;
}

const maxInFlight = 4;
const maxEvents = 500;
const maxBytes = 8 * 1024 * 1024;
const graceMs = 1_000;

interface Waiting {
  readonly append: Append;
  readonly deadline: Deadline;
  readonly bytes: number;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * The first event of a turn of the event loop goes out at once. Events behind it, and those that come while batches are
 * in flight, gather for the next turn. So nobody waits alone, and no timer is needed. A document is in one batch at a
 * time, since its queue waits for the outcome.
 */
export function createBatcher(resources: Resources): Batcher {
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let turnTaken = false;

  const sendNext = (): void => {
    if (turnTaken || waiting.length === 0 || inFlight >= maxInFlight) return;
    turnTaken = true;
    afterThisTurn(() => {
      turnTaken = false;
      sendNext();
    });
    void resources.atHome(flush);
  };

  const takeBatch = (): Waiting[] => {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of waiting) {
      if (count > 0 && (count >= maxEvents || bytes + more > maxBytes)) break;
      bytes += more;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  };

  const flush = async (): Promise<void> => {
    const batch = takeBatch();
    inFlight++;
    const outcomes = await send(
      resources,
      batch.map(({ append }) => append),
      "independent",
      batch.map(({ deadline }) => deadline),
    );
    inFlight--;
    batch.forEach(({ resolve }, i) => {
      resolve(outcomes[i] as Outcome);
    });
    sendNext();
  };

  return {
    commit: async (appends, deadline) => {
      const [first, second] = appends;
      if (first === undefined || second !== undefined) return send(resources, appends, "chain", [deadline]);
      const outcome = await new Promise<Outcome>((resolve) => {
        waiting.push({ append: first, deadline, bytes: eventBytes(first.event, resources.types), resolve });
        sendNext();
      });
      return [outcome];
    },
  };
}

/**
 * One commit of the port. It ends in time even where the storage does not keep to the time that it was given.
 */
async function send(
  resources: Resources,
  appends: readonly Append[],
  order: "independent" | "chain",
  limits: readonly Deadline[],
): Promise<readonly Outcome[]> {
  const shared = sharedDeadline(limits);
  const timeoutMs = answerWithin(shared.remaining());
  try {
    const { log } = await resources.opened(shared);
    const answered = startDeadline({ timeoutMs: timeoutMs + graceMs }, noAnswer);
    const outcomes = await within(log.commit(appends, order, { timeoutMs }), answered);
    return appends.map(
      (_, i) => outcomes[i] ?? { event: "unknown", cause: new Error("the storage gave no outcome") },
    );
  } catch (cause) {
    // a closed storage takes no new calls, so this one surely stored nothing
    if (cause instanceof ClosedError) return appends.map(() => ({ event: "refused", error: cause }));
    return appends.map(() => ({ event: "unknown", cause }));
  }
}

const noAnswer = (): Error => new Error("the storage did not answer in time");

/** A storage is to answer a little before the calls' time is up, so that they still hear the outcome of their events. */
function answerWithin(remaining: number): number {
  return Math.max(1, remaining - Math.min(250, remaining / 4));
}
