import { idKey, isIntact, type KnownView, type View, type ViewOutcome } from "@everdraft/core/adapter";
import { fieldsOf } from "../bson/bson.ts";
import { idOf } from "../bson/id-kinds.ts";
import { types } from "../capabilities.ts";
import type { CollectionOf } from "../connection/collection-of.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { BulkOperation, Document, Read } from "../connection/driver.ts";
import { type ViewDocument, viewDocument, viewOfDocument } from "./view-document.ts";
import { isOrHoldsNaN, sameWithNaN, updateOf } from "./view-update.ts";
import { documentReplaced, literalDocument } from "./whole-document.ts";

/** A view collection. */
export type Views = CollectionOf<ViewDocument>;

/** A view to write, and the one that its writer knew. */
export interface ViewWrite {
  readonly view: View;
  readonly before: KnownView;
}

/** An operation that writes a view. `guarded`: it does nothing where the view is another by now. */
export interface SendStep {
  readonly kind: "send";
  readonly operation: BulkOperation;
  readonly guarded: boolean;
}

/** The next step of writing a view: an operation, or none where the outcome is known. */
export type Step = SendStep | { readonly kind: "done"; readonly outcome: ViewOutcome };

/** A view as it is stored: the document, and the view where it is one. */
export interface FoundView {
  readonly document: ReadonlyMap<string, unknown>;
  readonly view: View | undefined;
}

/** The step over a view that its writer knew; undefined where it has to be looked at. */
export function stepOverKnown({ view, before }: ViewWrite): Step | undefined {
  const isNew = before === "none" || (before !== undefined && before.state === undefined);
  const operation = isNew ? insertion(view) : undefined;
  if (operation !== undefined) return { kind: "send", operation, guarded: false };
  const update = typeof before === "object" ? updateOf(before, view) : undefined;
  return update && { kind: "send", operation: { updateOne: update }, guarded: true };
}

/** The step over a view that was read. */
export function stepOver({ view, before }: ViewWrite, found: FoundView | undefined): Step {
  if (found === undefined) {
    const operation = insertion(view);
    // a deletion asks for no more, and may have been carried out by a try whose answer was lost
    if (operation === undefined) return { kind: "done", outcome: "current" };
    const wasThere = typeof before === "object" && before.state !== undefined;
    if (wasThere) return { kind: "done", outcome: "drift" };
    return { kind: "send", operation, guarded: false };
  }
  if (found.view === undefined || !isIntact(found.view, types)) return { kind: "done", outcome: "drift" };
  if (found.view.version >= view.version) return { kind: "done", outcome: "current" };
  const stored = literalDocument(found.document);
  const isSame = isOrHoldsNaN(found.document) ? sameWithNaN("$$ROOT", stored) : { $eq: ["$$ROOT", stored] };
  const filter = { _id: view.id, $expr: isSame };
  return { kind: "send", operation: replacement(view, filter), guarded: true };
}

/** The step over whatever was read. */
export function stepOverAny(view: View, found: FoundView | undefined): Step {
  if (found !== undefined)
    return { kind: "send", operation: replacement(view, { _id: view.id }), guarded: true };
  const operation = insertion(view);
  return operation === undefined
    ? { kind: "done", outcome: "current" }
    : { kind: "send", operation, guarded: false };
}

/** The operation that puts a view where none is; none for a deleted document. */
function insertion(view: View): BulkOperation | undefined {
  return view.state === undefined ? undefined : { insertOne: { document: viewDocument(view) } };
}

/** The operation that writes the whole of a view over one that a filter describes. */
export function replacement(view: View, filter: Document): BulkOperation {
  if (view.state === undefined) return { deleteOne: { filter } };
  return documentReplaced(filter, viewDocument(view), false);
}

/** Reads the views that are to be written, by the keys of their ids. */
export async function readFound(
  views: Views,
  wanted: readonly View[],
  deadline: CommandsDeadline,
): Promise<ReadonlyMap<string, FoundView>> {
  const found = new Map<string, FoundView>();
  if (wanted.length === 0) return found;
  const ids = wanted.map(({ id }) => id);
  const documents = await views.find({ _id: { $in: ids } }, { maxTimeMS: deadline.left() }).toArray();
  for (const document of documents) {
    const one = foundIn(document);
    const id = idOf(one.document.get("_id"));
    if (id !== undefined) found.set(idKey(id), one);
  }
  return found;
}

/** The view in a document. */
export function foundIn(document: Read<ViewDocument>): FoundView {
  // reading a view changes the values that the driver made
  const copy = new Map(Object.entries(fieldsOf(document)).map(([name, value]) => [name, copied(value)]));
  return { document: copy, view: viewOfDocument(document) };
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  // a Map, so that no key is taken for a mark of the driver's own
  return new Map(Object.entries(value).map(([key, inner]) => [key, copied(inner)]));
}
