import type { Resources } from "../context/resources.ts";
import { StorageReplacedError } from "../errors/storage-replaced-error.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Deadline } from "../port/deadline.ts";
import type { Append, Outcome } from "../port/event-log.ts";
import type { ViewOutcome } from "../port/view.ts";
import type { Batcher } from "./batcher.ts";

/** An event to store, and whether anybody still waits for it. */
export interface Sending extends Append {
  /**
   * Whether the event's id was derived from an idempotency key, so that another process may have stored it in
   * another slot.
   */
  readonly keyed: boolean;
  /** Whether the call was told an outcome already (its time was up). */
  readonly given: () => boolean;
  /** Tells the call that its event is under way (and its outcome open), or surely not stored. */
  readonly sent: (version: number | undefined) => void;
  /** Tells the call why its outcome is open. */
  readonly doubted?: (cause: unknown) => void;
  /** Runs the caller's own functions in the async context of the call. */
  readonly inContext: <R>(work: () => R) => R;
}

/**
 * How the appending of a document's next events ended. All before `stored` are in the log, each in its slot.
 */
export interface Appended {
  /** How many of them are stored. */
  readonly stored: number;
  /** The outcome of the last one's view; undefined where that is not known. */
  readonly view: ViewOutcome | undefined;
  /** Whether the rows of the last one are written with it; undefined where that is not known. */
  readonly rows?: boolean | undefined;
  /** Why the next one is not, where there is a next one. */
  readonly failure?:
    | { readonly kind: "conflict"; readonly occupant: StoredEvent }
    | { readonly kind: "elsewhere"; readonly occupant: StoredEvent }
    | { readonly kind: "refused"; readonly error: Error }
    | { readonly kind: "open" }
    | undefined;
}

/**
 * The slot rule, the one place that decides what became of an event. When an insert fails in any doubtful
 * way, only reading the slot decides: my event there is success, another's is a conflict, and an empty slot
 * gets the byte-identical event again. A duplicate key alone decides nothing: it may be my own first try.
 * Goes on until all is decided or nobody waits any more.
 */
export async function append(
  resources: Pick<Resources, "opened" | "notice" | "wait">,
  batcher: Batcher,
  sendings: readonly Sending[],
  deadline: Deadline,
): Promise<Appended> {
  let stored = 0;
  let written: Pick<Appended, "view" | "rows"> = { view: undefined };
  // once a try may be under way, a later refusal says nothing of it: it can still land
  let doubtful = false;
  for (let attempt = 1; ; attempt++) {
    const rest = sendings.slice(stored);
    if (rest.every((sending) => sending.given())) return { stored, ...written, failure: { kind: "open" } };
    for (const sending of rest) sending.sent(sending.event.version);
    const outcomes = await batcher.commit(rest, deadline);
    const done = outcomes.findIndex((outcome) => outcome.event !== "stored");
    written = writtenWith(done < 0 ? outcomes.at(-1) : outcomes[done - 1]);
    if (done < 0) return { stored: sendings.length, ...written };
    stored += done;
    const outcome = outcomes[done] as Outcome;
    const open = sendings.slice(stored);
    if (outcome.event === "refused" && !doubtful)
      return notSent(open, { stored, ...written, failure: { kind: "refused", error: outcome.error } });
    doubtful = true;
    if (outcome.event === "unknown") for (const sending of open) sending.doubted?.(outcome.cause);
    const decided = await readSlots(resources, open, outcome, deadline);
    if (decided.mine > 0) written = writtenWith(undefined);
    stored += decided.mine;
    if (stored === sendings.length) return { stored, ...written };
    if (decided.failure?.kind === "open") return { stored, ...written, failure: decided.failure };
    if (decided.failure !== undefined)
      return notSent(sendings.slice(stored), { stored, ...written, failure: decided.failure });
    const next = sendings[stored] as Sending;
    const { doc: id, version } = next.event;
    const cause = outcome.event === "unknown" ? outcome.cause : undefined;
    next.inContext(() => resources.notice({ type: "resend", id, version, attempt, cause }));
    await resources.wait(Math.random() * Math.min(1_000, 5 * 2 ** attempt));
  }
}

function writtenWith(outcome: Outcome | undefined): Pick<Appended, "view" | "rows"> {
  return outcome?.event === "stored" ? { view: outcome.view, rows: outcome.rows } : { view: undefined };
}

function notSent(sendings: readonly Sending[], appended: Appended): Appended {
  const { failure } = appended;
  const elsewhere = failure?.kind === "elsewhere" ? failure.occupant.version : undefined;
  // an act that is stored elsewhere is no failure, only its result is not known yet
  sendings.forEach((sending, i) => {
    sending.sent(i === 0 ? elsewhere : undefined);
  });
  return appended;
}

interface Decided {
  /** How many of the first are in their slots. */
  readonly mine: number;
  readonly failure?: NonNullable<Appended["failure"]>;
}

/** Reads the slots of events whose outcome is open. A slot that cannot be read stays open. */
async function readSlots(
  resources: Pick<Resources, "opened">,
  open: readonly Sending[],
  outcome: Outcome,
  deadline: Deadline,
): Promise<Decided> {
  const first = (open[0] as Sending).event;
  try {
    const { log } = await resources.opened(deadline);
    const call = deadline.call();
    const range = { from: first.version, to: first.version + open.length - 1, limit: open.length };
    const found = new Map((await log.read(first.doc, range, call)).map((event) => [event.version, event]));
    // by the hash too: a derived id is that of every process that does the same act, each on a head of its own
    const mine = open.findIndex(({ event }) => found.get(event.version)?.hash !== event.hash);
    if (mine < 0) return { mine: open.length };
    const next = open[mine] as Sending;
    const occupant = found.get(next.event.version);
    if (occupant?.id === next.event.id) return { mine, failure: { kind: "elsewhere", occupant } };
    if (next.keyed || (outcome.event === "taken" && outcome.by === "id")) {
      const elsewhere = await log.byId(next.event.doc, next.event.id, call);
      // it arrived since its slot was read: look again
      if (elsewhere?.hash === next.event.hash) return { mine };
      if (elsewhere !== undefined) return { mine, failure: { kind: "elsewhere", occupant: elsewhere } };
    }
    return occupant === undefined ? { mine } : { mine, failure: { kind: "conflict", occupant } };
  } catch (error) {
    // a storage that has ended does not answer the next time either
    return error instanceof StorageReplacedError ? { mine: 0, failure: { kind: "open" } } : { mine: 0 };
  }
}
