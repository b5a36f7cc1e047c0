import { idKey, type View, type ViewOutcome } from "@everdraft/core/adapter";
import { durably } from "../connection/concerns.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { BulkOperation, MongoSession } from "../connection/driver.ts";
import { bulkErrors } from "../errors/bulk-errors.ts";
import { forgetRefusal, rememberRefusal, type WriteError } from "../errors/refusals.ts";
import { maxTries, pauseBefore, verdictOf } from "../errors/write-verdict.ts";
import {
  foundIn,
  readFound,
  replacement,
  type SendStep,
  type Step,
  stepOver,
  stepOverAny,
  stepOverKnown,
  type Views,
  type ViewWrite,
} from "./view-steps.ts";

/** A view to write, and its place among the outcomes. */
interface Open {
  readonly place: number;
  readonly write: ViewWrite;
}

/** A view to write, and the step that comes next. */
interface Planned extends Open {
  readonly step: Step;
}

/** A view that was tried to write: its outcome so far, and whether it has to be tried again. */
interface Tried extends Open {
  readonly outcome: ViewOutcome;
  readonly again: boolean;
}

/**
 * Writes views over lower versions that nobody changed, each on its own: first over those that their writers knew, as one
 * unordered bulk; those that it did not meet are read, and written over exactly the views that were read. Outcomes come in
 * the order given; `behind` where nothing is known. Where they were tried before they are read at once.
 */
export async function followViews(
  views: Views,
  wanted: readonly ViewWrite[],
  deadline: CommandsDeadline,
  triedBefore = 0,
): Promise<readonly ViewOutcome[]> {
  const outcomes: ViewOutcome[] = wanted.map(() => "behind");
  let open: readonly Open[] = wanted.map((write, place) => ({ place, write }));
  for (let tries = triedBefore; tries < maxTries && open.length > 0; tries++) {
    await pauseBefore(tries);
    if (deadline.over()) {
      for (const { place } of open) outcomes[place] = "behind";
      return outcomes;
    }
    const planned = await plan(views, open, tries === 0, deadline);
    const tried = await carryOut(views, planned, deadline);
    for (const { place, outcome } of tried) outcomes[place] = outcome;
    open = tried.filter(({ again }) => again);
  }
  return outcomes;
}

/** The answer to a view's operation that was sent behind its event. */
export interface SentView {
  readonly write: ViewWrite;
  readonly step: SendStep;
  readonly error: WriteError | undefined;
  /** Whether it met, or inserted, its document. */
  readonly met: boolean;
}

/** The outcome of a view that was sent behind its event. Where another view was in the way it is read, and written over. */
export async function followSent(
  views: Views,
  { write, step, error, met }: SentView,
  deadline: CommandsDeadline,
): Promise<ViewOutcome> {
  noteAnswer(views, write.view, error);
  const { outcome, again } = resultOf(step, error, met);
  if (!again) return outcome;
  const [followed] = await followViews(views, [write], deadline, 1);
  return followed ?? "behind";
}

/** Writes a view over whatever is there. */
export async function putView(views: Views, view: View, deadline: CommandsDeadline): Promise<ViewOutcome> {
  const write = { view, before: undefined };
  let became: ViewOutcome = "behind";
  for (let tries = 0; tries < maxTries; tries++) {
    await pauseBefore(tries);
    const found = await readFound(views, [view], deadline);
    const step = stepOverAny(view, found.get(idKey(view.id)));
    const [tried] = await carryOut(views, [{ place: 0, write, step }], deadline);
    if (tried === undefined) return became;
    became = tried.outcome;
    if (!tried.again) return became;
  }
  return became;
}

/** The next step of each view: without a look at those that their writers knew, where that is enough. */
async function plan(
  views: Views,
  open: readonly Open[],
  trusting: boolean,
  deadline: CommandsDeadline,
): Promise<readonly Planned[]> {
  const known = open.map((one) => {
    return { ...one, step: trusting ? stepOverKnown(one.write) : undefined };
  });
  const unknown = known.filter(({ step }) => step === undefined).map(({ write }) => write.view);
  const found = await readFound(views, unknown, deadline);
  return known.map(({ place, write, step }) => {
    return { place, write, step: step ?? stepOver(write, found.get(idKey(write.view.id))) };
  });
}

/** A view whose operation is sent. */
interface Sending extends Open {
  readonly step: SendStep;
}

/** Carries steps out. Each view is among the results once, in any order. */
async function carryOut(
  views: Views,
  planned: readonly Planned[],
  deadline: CommandsDeadline,
): Promise<readonly Tried[]> {
  const done: Tried[] = [];
  const guarded: Sending[] = [];
  const others: Sending[] = [];
  for (const { place, write, step } of planned) {
    if (step.kind === "done") done.push({ place, write, outcome: step.outcome, again: false });
    else (step.guarded ? guarded : others).push({ place, write, step });
  }
  // apart, since only the sum of the documents that guarded operations met is told
  const overKnown = await sendAll(views, guarded, deadline);
  return [...done, ...overKnown, ...(await sendAll(views, others, deadline))];
}

async function sendAll(
  views: Views,
  sendings: readonly Sending[],
  deadline: CommandsDeadline,
): Promise<readonly Tried[]> {
  if (sendings.length === 0) return [];
  const operations = sendings.map(({ step }) => step.operation);
  const { met, failed } = await send(views, operations, deadline);
  // of several nobody knows which one met another view: all are looked at
  const allMet = met === sendings.length - failed.size;
  return sendings.map(({ place, write, step }, i) => {
    const error = failed.get(i);
    noteAnswer(views, write.view, error);
    return { place, write, ...resultOf(step, error, allMet) };
  });
}

/** The outcome of an operation from its error, and whether guarded operations met all of their views. */
function resultOf(
  { guarded }: SendStep,
  error: WriteError | undefined,
  allMet: boolean,
): Pick<Tried, "outcome" | "again"> {
  if (error === undefined) {
    if (!guarded) return { outcome: "inserted", again: false };
    return allMet ? { outcome: "current", again: false } : { outcome: "behind", again: true };
  }
  const verdict = verdictOf(error.code);
  // the same answer every time is a refusal: a unique index that somebody made, say
  return verdict === "again" ? { outcome: "refused", again: true } : { outcome: verdict, again: false };
}

/** Keeps an answer for those who ask later why a view was refused. */
function noteAnswer(views: Views, { id }: View, error: WriteError | undefined): void {
  if (error === undefined) forgetRefusal(views, id);
  else if (verdictOf(error.code) !== "behind") rememberRefusal(views, id, error);
}

/** Writes a view within a transaction. Throws the server's refusals. */
export async function writeInTransaction(
  views: Views,
  write: ViewWrite,
  session: MongoSession,
): Promise<ViewOutcome> {
  const { view } = write;
  const document = await views.findOne({ _id: view.id }, { session });
  const step = stepOver(write, document === null ? undefined : foundIn(document));
  if (step.kind === "done") return step.outcome;
  // nobody else can have written since it was read
  const operation = document === null ? step.operation : replacement(view, { _id: view.id });
  await views.bulkWrite([operation], { session, ordered: true });
  return "current";
}

interface Sent {
  /** How many documents the operations met, those that failed left out. */
  readonly met: number;
  /** The errors of those that failed. */
  readonly failed: ReadonlyMap<number, WriteError>;
}

async function send(
  views: Views,
  operations: readonly BulkOperation[],
  deadline: CommandsDeadline,
): Promise<Sent> {
  const options = { ordered: false, ...durably(deadline) };
  try {
    const { matchedCount, deletedCount } = await views.bulkWrite(operations, options);
    return { met: matchedCount + deletedCount, failed: new Map() };
  } catch (error) {
    const { writeErrors, lostConcern, met } = bulkErrors(error);
    // a concern that failed leaves all open
    if (writeErrors.length === 0 || lostConcern) throw error;
    return { met, failed: new Map(writeErrors.map((one) => [one.index, one])) };
  }
}
