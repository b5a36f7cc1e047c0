import { idKey, isIntact, type KnownView, type View, type ViewOutcome } from "@everdraft/core/adapter";
import { idOf } from "../bson/id-kinds.ts";
import { types } from "../capabilities.ts";
import { durably } from "../connection/concerns.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { BulkOperation, Document, MongoCollection, MongoSession } from "../connection/driver.ts";
import { bulkErrors } from "../errors/bulk-errors.ts";
import { forgetRefusal, rememberRefusal, type WriteError } from "../errors/refusals.ts";
import { maxTries, pauseBefore, verdictOf } from "../errors/write-verdict.ts";
import { viewDocument, viewOf } from "./view-document.ts";
import { isOrHoldsNaN, sameWithNaN, updateOf } from "./view-update.ts";
import { documentReplaced, literalDocument, namesIn } from "./whole-document.ts";

/** A view collection. */
export type Views = MongoCollection;

/** A view to write, and the one that its writer knew. */
export interface ViewWrite {
  readonly view: View;
  readonly before: KnownView;
}

/** What is done about one view: an operation, or nothing. `guarded`: it does nothing where the view is another by now. */
type Step = { readonly operation: BulkOperation; readonly guarded: boolean } | ViewOutcome;

/**
 * Writes views over lower versions that nobody changed, each on its own: first over those that their writers knew, as one
 * unordered bulk; what that did not meet is read, and written over exactly what was read. Outcomes come in the order
 * given; `behind` where nothing is known.
 */
export async function followViews(
  views: Views,
  wanted: readonly ViewWrite[],
  deadline: CommandsDeadline,
): Promise<readonly ViewOutcome[]> {
  const outcomes: ViewOutcome[] = wanted.map(() => "behind");
  let open = wanted.map((_, i) => i);
  for (let tries = 0; tries < maxTries && open.length > 0; tries++) {
    await pauseBefore(tries);
    if (deadline.over()) return outcomes.map((outcome, i) => (open.includes(i) ? "behind" : outcome));
    const steps = await stepsFor(
      views,
      open.map((place) => wanted[place] as ViewWrite),
      tries === 0,
      deadline,
    );
    open = await carryOut(
      views,
      wanted,
      new Map(open.map((place, i) => [place, steps[i] as Step])),
      outcomes,
      deadline,
    );
  }
  return outcomes;
}

/** Writes a view over whatever is there. */
export async function putView(views: Views, view: View, deadline: CommandsDeadline): Promise<ViewOutcome> {
  const outcomes: ViewOutcome[] = ["behind"];
  const write = { view, before: undefined };
  for (let tries = 0; tries < maxTries; tries++) {
    await pauseBefore(tries);
    const [found] = await read(views, [write], deadline);
    const operation = found === undefined ? insertion(view) : replacement(view, { _id: view.id });
    const step: Step = operation === undefined ? "current" : { operation, guarded: found !== undefined };
    const open = await carryOut(views, [write], new Map([[0, step]]), outcomes, deadline);
    if (open.length === 0) break;
  }
  return outcomes[0] ?? "behind";
}

/** Sends the operations of these places, and gives back those that have to be tried again. */
async function carryOut(
  views: Views,
  wanted: readonly ViewWrite[],
  steps: ReadonlyMap<number, Step>,
  outcomes: ViewOutcome[],
  deadline: CommandsDeadline,
): Promise<number[]> {
  const sent: { readonly place: number; readonly step: Exclude<Step, ViewOutcome> }[] = [];
  for (const [place, step] of steps) {
    if (typeof step === "string") outcomes[place] = step;
    else sent.push({ place, step });
  }
  const again: number[] = [];
  // apart, since only the sum of what guarded operations met is told
  for (const guarded of [true, false]) {
    const part = sent.filter(({ step }) => step.guarded === guarded);
    if (part.length === 0) continue;
    const { met, failed } = await send(
      views,
      part.map(({ step }) => step.operation),
      deadline,
    );
    // of several nobody knows which one met another view: all are looked at
    const allMet = !guarded || met === part.length - failed.size;
    for (const [i, { place }] of part.entries()) {
      const { id } = (wanted[place] as ViewWrite).view;
      const error = failed.get(i);
      const verdict = error && verdictOf(error.code);
      if (error === undefined) forgetRefusal(views, id);
      else if (verdict !== "behind") rememberRefusal(views, id, error);
      // the same answer every time is a refusal: a unique index that somebody made, say
      if (verdict === "again") outcomes[place] = "refused";
      else outcomes[place] = verdict ?? (guarded ? "current" : "inserted");
      if (verdict === "again" || (error === undefined && !allMet)) again.push(place);
      if (error === undefined && !allMet) outcomes[place] = "behind";
    }
  }
  return again;
}

/** What is to be done about views: without a look at those that their writers knew, where that is enough. */
async function stepsFor(
  views: Views,
  wanted: readonly ViewWrite[],
  trusting: boolean,
  deadline: CommandsDeadline,
): Promise<readonly Step[]> {
  const known = wanted.map((write) => (trusting ? stepOverKnown(write) : undefined));
  const unknown = wanted.filter((_, i) => known[i] === undefined);
  const found = unknown.length === 0 ? [] : await read(views, unknown, deadline);
  const looked = unknown.map((write, i) => stepOver(write, found[i])).values();
  return known.map((step) => step ?? (looked.next().value as Step));
}

/** The step over a view that its writer knew; undefined where it has to be looked at. */
function stepOverKnown({ view, before }: ViewWrite): Step | undefined {
  const isNew = before === "none" || (before !== undefined && before.state === undefined);
  const operation = isNew ? insertion(view) : undefined;
  if (operation !== undefined) return { operation, guarded: false };
  const update = typeof before === "object" ? updateOf(before, view) : undefined;
  return update && { operation: { updateOne: update }, guarded: true };
}

/** The step over a view that was read. */
function stepOver({ view, before }: ViewWrite, found: Found | undefined): Step {
  if (found === undefined) {
    const operation = insertion(view);
    // a deletion asks for no more, and may have been carried out by a try whose answer was lost
    if (operation === undefined) return "current";
    const wasThere = typeof before === "object" && before.state !== undefined;
    return wasThere ? "drift" : { operation, guarded: false };
  }
  if (found.view !== undefined && found.view.version >= view.version) return "current";
  if (found.view === undefined || !isIntact(found.view, types)) return "drift";
  const stored = literalDocument(found.document);
  const isSame = isOrHoldsNaN(found.document) ? sameWithNaN("$$ROOT", stored) : { $eq: ["$$ROOT", stored] };
  const filter = { _id: view.id, $expr: isSame };
  return { operation: replacement(view, filter), guarded: true };
}

/** The operation that puts a view where none is; none for a deleted document. */
function insertion(view: View): BulkOperation | undefined {
  return view.state === undefined ? undefined : { insertOne: { document: viewDocument(view) } };
}

/** The operation that writes the whole of a view over one that a filter describes. */
function replacement(view: View, filter: Document): BulkOperation {
  if (view.state === undefined) return { deleteOne: { filter } };
  return documentReplaced(filter, viewDocument(view), false);
}

/** A view as it is stored: the document, and the view where it is one. */
interface Found {
  readonly document: ReadonlyMap<string, unknown>;
  readonly view: View | undefined;
}

async function read(
  views: Views,
  wanted: readonly ViewWrite[],
  deadline: CommandsDeadline,
): Promise<readonly (Found | undefined)[]> {
  const ids = wanted.map(({ view }) => view.id);
  const documents = await views.find({ _id: { $in: ids } }, { maxTimeMS: deadline.left() }).toArray();
  const found = new Map<string, Found>();
  for (const document of documents) {
    const one = foundIn(document);
    const id = idOf(one.document.get("_id"));
    if (id !== undefined) found.set(idKey(id), one);
  }
  return ids.map((id) => found.get(idKey(id)));
}

function foundIn(document: Document): Found {
  // reading a view changes what the driver made
  const copy = new Map(namesIn(document).map(([name, value]) => [name, copied(value)]));
  return { document: copy, view: viewOf(document) };
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  // a Map, so that no key is taken for a mark of the driver's own
  return new Map(Object.entries(value).map(([key, inner]) => [key, copied(inner)]));
}

/** Writes a view within a transaction. Throws what the server refuses. */
export async function writeInTransaction(
  views: Views,
  write: ViewWrite,
  session: MongoSession,
): Promise<ViewOutcome> {
  const { view } = write;
  const document = await views.findOne({ _id: view.id }, { session });
  const step = stepOver(write, document === null ? undefined : foundIn(document));
  if (typeof step === "string") return step;
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
