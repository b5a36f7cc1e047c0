import {
  type DocumentId,
  type PlainObject,
  type RowOutcome,
  type RowSet,
  rowId,
  StorageBusyError,
} from "@everdraft/core/adapter";
import { isMap, objectToBson } from "../bson/bson.ts";
import { numberOf } from "../bson/bson-values.ts";
import type { CollectionOf } from "../connection/collection-of.ts";
import { durably } from "../connection/concerns.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { BulkOperation, Document, MongoCollection } from "../connection/driver.ts";
import { bulkErrors } from "../errors/bulk-errors.ts";
import { codeOf } from "../errors/driver-errors.ts";
import { forgetRefusal, rememberRefusal, type WriteError } from "../errors/refusals.ts";
import { maxTries, pauseBefore, verdictOf } from "../errors/write-verdict.ts";
import { documentReplaced } from "../views/whole-document.ts";

/** A row as its collection holds it, beside the fields of its state. */
export interface RowDocument {
  readonly _id: string;
  readonly _everdraft: { readonly doc: DocumentId; readonly version: number };
}

/** The mark of a document: the version whose rows somebody began to write, and whether all are there. */
export interface RowMark {
  readonly _id: DocumentId;
  readonly version: number;
  readonly whole: boolean;
}

/** The rows of a projection, and up to which version of each document they are there. */
export interface RowCollections {
  readonly rows: CollectionOf<RowDocument>;
  readonly documents: CollectionOf<RowMark>;
}

/** A row of a document, and its place among them. */
export interface PlacedRow {
  readonly place: number;
  readonly row: PlainObject;
}

/** The rows of a document, each with its place. */
export function placedRows({ rows }: RowSet): readonly PlacedRow[] {
  return rows.map((row, place) => ({ place, row }));
}

const duplicateKey = 11000;

/**
 * Replaces the rows of a document without a transaction. Its mark is raised first, so of several writers the one with the
 * highest version is known; each row is written only over a lower version; older rows go. Whoever finds the mark raised
 * meanwhile takes away the rows that it wrote too late. A crash leaves the mark unfinished, and the next writer of that
 * version finishes it.
 */
export async function writeRows(
  collections: RowCollections,
  set: RowSet,
  over: "lower" | "any",
  deadline: CommandsDeadline,
): Promise<RowOutcome> {
  const { rows, documents } = collections;
  if (!(await raiseMark(documents, set, over, deadline))) return "current";
  const outcome = await writeAll(rows, set, over, deadline);
  if (outcome !== "current") return outcome;
  await rows.deleteMany(outdated(set, over), durably(deadline));
  const { filter, update } = markedWhole(set);
  const { matchedCount } = await documents.updateOne(filter, update, durably(deadline));
  if (matchedCount === 0) await takeBack(collections, set.doc, deadline);
  return "current";
}

/** Whether the rows of this version are to be written: not over a higher one, nor over itself when that is whole. */
async function raiseMark(
  documents: CollectionOf<RowMark>,
  set: RowSet,
  over: "lower" | "any",
  deadline: CommandsDeadline,
): Promise<boolean> {
  const { doc, version } = set;
  const { filter, update, upsert } = markRaised(set, over);
  for (let tries = 0; ; tries++) {
    try {
      await documents.updateOne(filter, update, { upsert, ...durably(deadline) });
      return true;
    } catch (error) {
      if (codeOf(error) !== duplicateKey) throw error;
    }
    const found = await documents.findOne({ _id: doc }, { maxTimeMS: deadline.left() });
    const seen = numberOf(found?.version);
    if (seen > version || (seen === version && found?.whole === true)) return false;
    if (seen === version) return true;
    // a lower mark was made at that very moment
    if (tries === maxTries) {
      throw new StorageBusyError({
        operation: "write rows",
        id: doc,
        reason: `other writers changed their mark ${tries} times meanwhile`,
        remedy: "Try again.",
      });
    }
  }
}

/** A write of a document's mark. */
export interface MarkUpdate {
  readonly filter: Document;
  readonly update: Document;
  readonly upsert: boolean;
}

/** The update that raises a document's mark; a duplicate key where it is as high already. */
export function markRaised({ doc, version }: RowSet, over: "lower" | "any"): MarkUpdate {
  const lower = over === "any" ? {} : { version: { $not: { $gte: version } } };
  const filter = { _id: doc, ...lower };
  return { filter, update: { $set: { version, whole: false } }, upsert: true };
}

/** The update that says that all rows of this version are there; it matches nothing where the mark was raised meanwhile. */
export function markedWhole({ doc, version }: RowSet): MarkUpdate {
  return { filter: { _id: doc, version }, update: { $set: { whole: true } }, upsert: false };
}

/** The rows of a document that do not belong to this version. */
export function outdated({ doc, version, rows }: RowSet, over: "lower" | "any"): Document {
  if (over === "lower") return { "_everdraft.doc": doc, "_everdraft.version": { $lt: version } };
  return { "_everdraft.doc": doc, _id: { $nin: rows.map((_, place) => rowId(doc, place)) } };
}

/** The write of one row of a document, over one of no higher version. */
export function rowReplaced(
  { doc, version }: RowSet,
  { place, row }: PlacedRow,
  over: "lower" | "any",
): BulkOperation {
  // an equal version is written over too: a crash left it unfinished
  const guard = over === "any" ? {} : { "_everdraft.version": { $not: { $gt: version } } };
  const id = rowId(doc, place);
  const filter = { _id: id, ...guard };
  const replacement = rowDocument(id, { doc, version }, row);
  return documentReplaced(filter, replacement, true);
}

async function writeAll(
  rows: CollectionOf<RowDocument>,
  set: RowSet,
  over: "lower" | "any",
  deadline: CommandsDeadline,
): Promise<RowOutcome> {
  const { doc, version } = set;
  let open = placedRows(set).map((placed) => ({ id: rowId(doc, placed.place), placed }));
  for (let tries = 0; open.length > 0 && tries < maxTries; tries++) {
    await pauseBefore(tries);
    if (deadline.over()) return "behind";
    const operations = open.map(({ placed }) => rowReplaced(set, placed, over));
    const failed = await send(rows, operations, deadline);
    const met = open.filter((_, i) => failed.has(i));
    for (const error of failed.values()) {
      const verdict = verdictOf(error.code);
      if (verdict !== "behind") rememberRefusal(rows, doc, error);
      if (verdict !== "again") return verdict;
    }
    open = met.length === 0 ? [] : await notHigher(rows, met, version, deadline);
  }
  if (open.length > 0) return "refused";
  forgetRefusal(rows, doc);
  return "current";
}

/** Sends writes, each on its own; the errors of those that failed, by their places. */
export async function send(
  to: Pick<MongoCollection, "bulkWrite">,
  operations: readonly BulkOperation[],
  deadline: CommandsDeadline,
): Promise<ReadonlyMap<number, WriteError>> {
  if (operations.length === 0) return new Map();
  try {
    await to.bulkWrite(operations, { ordered: false, ...durably(deadline) });
    return new Map();
  } catch (error) {
    const { writeErrors, lostConcern } = bulkErrors(error);
    if (writeErrors.length === 0 || lostConcern) throw error;
    return new Map(writeErrors.map((one) => [one.index, one]));
  }
}

/** Of rows that something was in the way of, those that have no row of a higher version. */
async function notHigher<R extends { readonly id: string }>(
  rows: CollectionOf<RowDocument>,
  met: readonly R[],
  version: number,
  deadline: CommandsDeadline,
): Promise<R[]> {
  const filter = {
    _id: { $in: met.map(({ id }) => id) },
    "_everdraft.version": { $gt: version },
  };
  const found = await rows.find(filter, { maxTimeMS: deadline.left(), projection: { _id: 1 } }).toArray();
  const higher = new Set(found.map(({ _id }) => String(_id)));
  return met.filter(({ id }) => !higher.has(id));
}

/** A newer writer was there: rows that were written after it had cleared up are taken away. */
export async function takeBack(
  { rows, documents }: RowCollections,
  doc: DocumentId,
  deadline: CommandsDeadline,
): Promise<void> {
  const found = await documents.findOne({ _id: doc }, { maxTimeMS: deadline.left() });
  const version = numberOf(found?.version);
  if (Number.isNaN(version)) return;
  await rows.deleteMany({ "_everdraft.doc": doc, "_everdraft.version": { $lt: version } }, durably(deadline));
}

function rowDocument(
  id: string,
  facts: RowDocument["_everdraft"],
  row: PlainObject,
): RowDocument | ReadonlyMap<string, unknown> {
  const state = objectToBson(row);
  if (!isMap(state)) return { _id: id, ...state, _everdraft: facts };
  // a top-level key that the driver would take for the mark of its own values
  return new Map<string, unknown>([["_id", id], ...state, ["_everdraft", facts]]);
}
