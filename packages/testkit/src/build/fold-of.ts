import type { StoredEvent, ValueTypes } from "@everdraft/core/adapter";
import { type Folded, fold, nothing } from "@everdraft/core/internals";
import { plainTypes } from "./plain-types.ts";

/** The document that a whole history leads to. Throws RangeError for no events, and the errors of `fold` for a damaged history. */
export function foldOf(events: readonly StoredEvent[], types: ValueTypes = plainTypes): Folded {
  const [first] = events;
  if (first === undefined) throw new RangeError("there are no events to fold");
  return fold(nothing, events, first.doc, types);
}
