import type { View, ViewOutcome } from "@everdraft/core/adapter";
import type {
  AnyBulkWriteOperation,
  ClientSession,
  Collection,
  Document,
  Filter,
  MongoBulkWriteError,
} from "mongodb";
import { bulkErrors } from "./bulk-errors.ts";
import { durably } from "./concerns.ts";
import type { Deadline } from "./deadline.ts";
import { numberOf } from "./event-document.ts";
import { forgetRefusal, rememberRefusal, type WriteError } from "./refusals.ts";
import { viewDocument } from "./view-document.ts";
import { maxTries, pauseBefore, verdictOf } from "./write-verdict.ts";

/** A view collection. */
export type Views = Collection<Document>;

/**
 * What is written over: a view of a lower version, or one without any. Not `$lt`, which a document without
 * history would not meet.
 */
function lowerThan({ id, version }: View): Filter<Document> {
  return { _id: id, "_everdraft.version": { $not: { $gte: version } } } as Document;
}

/** The write of a view. Where nothing is there to be replaced it is inserted, which fails over a higher one. */
function operationOf(view: View, over: "lower" | "any"): AnyBulkWriteOperation<Document> {
  const filter: Filter<Document> = over === "any" ? ({ _id: view.id } as Document) : lowerThan(view);
  if (view.state === undefined) return { deleteOne: { filter } };
  return { replaceOne: { filter, replacement: viewDocument(view), upsert: true } };
}

/**
 * Writes views, each on its own: one unordered bulk, and what met another writer once more. Outcomes come in
 * the order given; `behind` where nothing is known.
 */
export async function writeViews(
  views: Views,
  wanted: readonly View[],
  over: "lower" | "any",
  deadline: Deadline,
): Promise<readonly ViewOutcome[]> {
  const outcomes: ViewOutcome[] = wanted.map(() => "behind");
  let open = wanted.map((_, i) => i);
  for (let tries = 0; tries < maxTries && open.length > 0; tries++) {
    await pauseBefore(tries);
    if (deadline.over()) return outcomes;
    const met = await writeOnce(views, wanted, open, over, outcomes, deadline);
    // somebody inserted a view at that moment; whether it is a higher one only a look tells
    open = met.length > 0 && over === "lower" ? await lookAt(views, wanted, met, outcomes, deadline) : met;
  }
  // something is in the way every time: a unique index that somebody made, say, refuses the content
  for (const place of open) outcomes[place] = "refused";
  return outcomes;
}

/** Sends the views of these places and gives back those that a view there now was in the way of. */
async function writeOnce(
  views: Views,
  wanted: readonly View[],
  places: readonly number[],
  over: "lower" | "any",
  outcomes: ViewOutcome[],
  deadline: Deadline,
): Promise<number[]> {
  const met: number[] = [];
  // apart, since the driver miscounts what it upserted where kinds of operations alternate
  const isGone = (place: number): boolean => wanted[place]?.state === undefined;
  for (const part of [places.filter((place) => !isGone(place)), places.filter(isGone)]) {
    if (part.length === 0) continue;
    const operations = part.map((place) => operationOf(wanted[place] as View, over));
    const { inserted, failed } = await send(views, operations, deadline);
    part.forEach((place, i) => {
      const { id } = wanted[place] as View;
      const error = failed.get(i);
      const verdict = error && verdictOf(error.code);
      if (verdict === "again") met.push(place);
      else outcomes[place] = verdict ?? (inserted.has(i) ? "inserted" : "current");
      if (error === undefined) forgetRefusal(views, id);
      else if (verdict !== "behind") rememberRefusal(views, id, error);
    });
  }
  return met;
}

interface Sent {
  /** The operations that inserted. */
  readonly inserted: ReadonlySet<number>;
  /** The errors of those that failed. */
  readonly failed: ReadonlyMap<number, WriteError>;
}

async function send(
  views: Views,
  operations: readonly AnyBulkWriteOperation<Document>[],
  deadline: Deadline,
): Promise<Sent> {
  const options = { ordered: false, ...durably(deadline) };
  try {
    const { upsertedIds } = await views.bulkWrite(operations, options);
    return { inserted: indexesIn(upsertedIds), failed: new Map() };
  } catch (error) {
    const { writeErrors, lostConcern } = bulkErrors(error);
    // a concern that failed leaves all open
    if (writeErrors.length === 0 || lostConcern) throw error;
    const { upsertedIds } = error as MongoBulkWriteError;
    const failed = new Map(writeErrors.map((one) => [one.index, one]));
    return { inserted: indexesIn(upsertedIds), failed };
  }
}

function indexesIn(upsertedIds: Readonly<Record<number, unknown>>): ReadonlySet<number> {
  return new Set(Object.keys(upsertedIds).map(Number));
}

/** Reads the versions of views that were in the way; gives back the places that have to be tried again. */
async function lookAt(
  views: Views,
  wanted: readonly View[],
  places: readonly number[],
  outcomes: ViewOutcome[],
  deadline: Deadline,
): Promise<number[]> {
  const again: number[] = [];
  for (const place of places) {
    const view = wanted[place] as View;
    const version = await versionOf(views, view, deadline);
    if (version !== undefined && version >= view.version) {
      outcomes[place] = "current";
      forgetRefusal(views, view.id);
    } else again.push(place);
  }
  return again;
}

/** The version of the view that is there; undefined where none is. A transaction has a time of its own. */
export async function versionOf(
  views: Views,
  view: View,
  within: Deadline | ClientSession,
): Promise<number | undefined> {
  const options = "left" in within ? { maxTimeMS: within.left() } : { session: within };
  const found = await views.findOne({ _id: view.id } as Document, {
    projection: { "_everdraft.version": 1 },
    ...options,
  });
  if (found === null) return undefined;
  const version = numberOf(found._everdraft?.version);
  return Number.isNaN(version) ? 0 : version;
}
