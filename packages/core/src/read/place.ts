import type { EndOfPage } from "../history/listing/list-place.ts";
import type { DocumentId, IdKind } from "../model/document-id.ts";
import { emptyList } from "../model/sort-order.ts";
import { isPath } from "../patch/apply-patches.ts";
import type { ChangePosition } from "../port/event-log.ts";
import type { FindPosition, Sort } from "../port/view-store.ts";
import { isCount, isPlain, type PlainObject } from "../value/value.ts";
import { noCursor } from "./cursor.ts";

/** A position of a find as plain values, which a missing field and an empty list are not in a sort. */
export function placeOf({ id, values }: FindPosition): PlainObject {
  return { id, values: values.map(marked) };
}

/** The position of a place, whose id is checked by `checkOwn`. Throws OptionsError for a place that is none of this sort. */
export function positionAt(
  place: unknown,
  sort: Sort,
  checkOwn: (id: unknown) => DocumentId,
): FindPosition | undefined {
  if (place === undefined) return undefined;
  if (!isPlain(place) || !Array.isArray(place.values) || place.values.length !== sort.length)
    throw noCursor();
  return { id: checkOwn(place.id), values: place.values.map(unmarked) };
}

/** Checks the id of a document in a place. Throws OptionsError where it is none. */
export function documentIdAt(kinds: readonly IdKind[]): (id: unknown) => DocumentId {
  return (id) => {
    if (kinds.some((kind) => kind.is(id))) return id as DocumentId;
    throw noCursor();
  };
}

function marked(value: unknown): readonly unknown[] {
  if (value === undefined) return ["missing"];
  return value === emptyList ? ["empty"] : ["value", value];
}

function unmarked(given: unknown): unknown {
  const [mark, value]: readonly unknown[] = Array.isArray(given) ? given : [];
  if (mark === "missing") return undefined;
  if (mark === "empty") return emptyList;
  if (mark === "value" && value !== undefined) return value;
  throw noCursor();
}

/** The version that a place in the events of a document is. Throws OptionsError where it is none. */
export function versionAt(place: unknown): number | undefined {
  if (place === undefined || Number.isSafeInteger(place)) return place as number | undefined;
  throw noCursor();
}

/** The end of a page that a place in the history of one place of a document is. Throws OptionsError where it is none. */
export function endOfPageAt(place: unknown): EndOfPage | undefined {
  if (place === undefined) return undefined;
  if (!isPlain(place) || !isPlain(place.from) || !isPath(place.from.path)) throw noCursor();
  const { version, from } = place;
  if (!isCount(version) || !isCount(from.version)) throw noCursor();
  return { version, from: { version: from.version, path: place.from.path } };
}

/** The event that a place in the events of all documents is. Throws OptionsError where it is none. */
export function changeAt(place: unknown, kinds: readonly IdKind[]): ChangePosition | undefined {
  if (place === undefined) return undefined;
  if (!isPlain(place) || typeof place.at !== "number" || typeof place.version !== "number") throw noCursor();
  return { at: place.at, doc: documentIdAt(kinds)(place.doc), version: place.version };
}
