import { type OnDocument, onDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import type { KnownDocument } from "../context/state-cache.ts";
import { loadHead } from "../history/load-head.ts";
import { replay } from "../history/replay.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { isSharedEnd, sharedDeadline } from "../port/deadline.ts";
import type { KnownView } from "../port/view.ts";
import type { ViewKeeper, ViewState } from "../views/view-keeper.ts";
import type { Appended } from "./append.ts";
import { type Planned, type PlannedCall, planChain } from "./plan-chain.ts";
import type { ChainedEvent, StoreChain } from "./store-chain.ts";
import { pauseOf, type WaitingCall } from "./waiting-call.ts";
import { conflict, keyReused } from "./write-errors.ts";

/** Where the base of a round comes from: the cache, which another process may have overtaken, or the log. */
export type BaseFrom = "cache" | "log";

/**
 * Decides and stores some waiting calls of one document; those that it does not settle wait for another round. Gives where
 * the next round may begin: after a conflict from the log.
 */
export type RunRound = (
  doc: DocumentId,
  callers: readonly WaitingCall[],
  from: BaseFrom,
) => Promise<BaseFrom>;

/** The document that calls are decided on, and whether it was compared with the head of the log. */
type Base = KnownDocument & { readonly isHead: boolean };

/** Parts of a store that a round works with. */
interface RoundParts {
  readonly resources: Resources;
  readonly views: ViewKeeper;
  readonly storeChain: StoreChain;
}

/** Makes the rounds of one store. */
export function createRounds(parts: RoundParts): RunRound {
  const { resources } = parts;
  return async (doc, round, from) => {
    const on = onDocument(resources, doc, sharedDeadline(round.map((caller) => caller.deadline)));
    for (const caller of round) caller.triedAt = performance.now();
    try {
      await resources.clock.refresh();
      await findStored(parts, doc, round);
      const callers = round.filter((caller) => !caller.settled);
      if (callers.length === 0) return from;
      const { base, planned } = await plan(on, callers, from);
      return await carryOut(parts, on, planned, base);
    } catch (error) {
      // a call whose own time is not up yet, by less than a millisecond, is told by its own deadline
      if (!isSharedEnd(error)) for (const caller of round) caller.giveUp(error);
      return "log";
    }
  };
}

/** Decides the calls. Where none of them stores an event, no slot confirms the base: then the head is read. */
async function plan(
  on: OnDocument,
  callers: readonly WaitingCall[],
  from: BaseFrom,
): Promise<{ readonly base: Base; readonly planned: readonly Planned[] }> {
  const { resources, doc } = on;
  const cached = from === "cache" ? resources.cache.get(doc) : undefined;
  if (cached !== undefined) {
    const planned = await planChain(resources, doc, cached.folded, callers);
    if (planned.some(({ kind }) => kind === "event")) return { base: { isHead: false, ...cached }, planned };
  }
  const base = await loadHead(on);
  const planned = await planChain(resources, doc, base.folded, callers);
  return { base: { isHead: true, ...base }, planned };
}

/** Has the planned events stored, and answers the calls as far as their outcomes are known. */
async function carryOut(
  parts: RoundParts,
  on: OnDocument,
  planned: readonly Planned[],
  base: Base,
): Promise<BaseFrom> {
  const chain = planned.filter((one): one is PlannedCall => one.kind === "event");
  // a call timed out while it was planned, and was told that nothing is stored: the others are planned without it
  if (chain.some(({ caller }) => caller.settled)) return "log";
  const { stored, view, failure } =
    chain.length === 0
      ? { stored: 0, view: undefined, failure: undefined }
      : await parts.storeChain(on, chain.map(chained), knownAt(base));
  const confirmed = view ?? (base.isHead ? await parts.views.catchUp(on, base) : undefined);
  let events = 0;
  for (const one of planned) {
    if (events > stored) break;
    if (one.kind !== "event") {
      if (confirmed !== undefined) await answer(parts, one, confirmed);
      continue;
    }
    if (confirmed !== undefined && events < stored) one.caller.succeed({ view: confirmed, ...one.built });
    else if (failure !== undefined) await failed(parts, one.caller, failure);
    events++;
  }
  return failure === undefined ? "cache" : "log";
}

/**
 * Answers a call that stores nothing, on a base that is the head. That state may hold the same act, stored by another
 * process since its key was looked up.
 */
async function answer(
  parts: RoundParts,
  planned: Exclude<Planned, PlannedCall>,
  view: ViewState,
): Promise<void> {
  const { caller } = planned;
  if (caller.keyed) {
    caller.looked = false;
    await findStored(parts, caller.doc, [caller]);
  }
  if (planned.kind === "refused") caller.fail(planned.error);
  else caller.succeed({ folded: planned.folded, view });
}

/** Tells a call whose event is not stored, or lets it wait for another round. */
async function failed(
  { resources }: RoundParts,
  caller: WaitingCall,
  failure: NonNullable<Appended["failure"]>,
): Promise<void> {
  if (failure.kind === "refused") caller.fail(failure.error);
  if (failure.kind === "elsewhere") caller.looked = false;
  if (failure.kind !== "conflict") return;
  const { occupant } = failure;
  caller.conflicts++;
  caller.occupant = occupant;
  // decided anew on the newer state, which blanks alone do not change
  if (caller.expectedVersion !== undefined) return;
  const { version } = occupant;
  const lost = (): void => caller.fail(conflict(caller, version - 1, occupant));
  if (caller.conflicts > (caller.retries ?? Number.POSITIVE_INFINITY)) return lost();
  const tryMs = performance.now() - caller.triedAt;
  const attempt = caller.conflicts;
  caller.inContext(() => resources.notice({ type: "conflict-retry", id: caller.doc, version, attempt }));
  await resources.wait(pauseOf(caller));
  // a try that its time would end half-way leaves the outcome open, where this one is known to have lost
  if (caller.deadline.remaining() < Math.min(tryMs * 2, caller.time / 10)) lost();
}

/** With a key nothing is reported before its event was looked for: the act may be done already. */
async function findStored(
  parts: RoundParts,
  doc: DocumentId,
  callers: readonly WaitingCall[],
): Promise<void> {
  for (const caller of callers) {
    if (caller.looked || caller.settled) continue;
    try {
      await answerStored(parts, onDocument(parts.resources, doc, caller.deadline), caller);
    } catch (error) {
      caller.giveUp(error);
    }
  }
}

async function answerStored({ views }: RoundParts, on: OnDocument, caller: WaitingCall): Promise<void> {
  const event = await on.byId(caller.signature.eventId);
  caller.looked = true;
  if (event === undefined) {
    caller.sentTo = undefined;
    return;
  }
  if (!isSameAct(caller, event)) return caller.fail(keyReused(caller, event));
  const { folded } = await replay(on, { version: event.version });
  // the process that stored it may have ended before its view was written
  const view = await caller.inContext(() => views.follow(on, folded, undefined));
  caller.succeed({ folded, event, view, repeated: true });
}

/** The event of a call, which hears of its sending. */
function chained({ caller, built }: PlannedCall): ChainedEvent {
  return {
    built,
    keyed: caller.keyed,
    inContext: caller.inContext,
    given: () => caller.settled,
    sent: (version) => {
      caller.sentTo = version;
    },
    doubted: (cause) => {
      caller.doubt = cause;
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
    // an argument that cannot even be stored was never given before
    return false;
  }
}
