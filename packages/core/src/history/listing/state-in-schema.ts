import { migrateForCaller } from "../../context/hand-out.ts";
import type { OnDocument } from "../../context/on-document.ts";
import type { Folded } from "../../fold/folded.ts";
import type { PlainObject } from "../../value/value.ts";

/**
 * The state of a document in the store's schema; undefined where it does not live. It is not for callers, but parts of it
 * may be lent to them. Throws as `migrateForCaller` does.
 */
export function stateInSchema(
  { resources, doc }: OnDocument,
  { state, schema }: Folded,
): PlainObject | undefined {
  return state && migrateForCaller(resources, doc, state, schema);
}
