import { checkReasonAndMeta, optionsError } from "../context/check-options.ts";
import type { Resources } from "../context/resources.ts";
import type { Revision } from "../context/revision.ts";
import { ImportFutureError } from "../errors/import-future-error.ts";
import { ImportOrderError } from "../errors/import-order-error.ts";
import { ValueError } from "../errors/value-error.ts";
import { checkUser, type DocumentId } from "../model/document-id.ts";
import { reconcileState } from "../model/state.ts";
import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import { type PlainObject, timeOf } from "../value/value.ts";
import type { CheckedRevision } from "./imported-event.ts";
import type { ImportingDocument } from "./importing-document.ts";

/** Throws ImportOrderError or ImportFutureError unless a revision's time follows the one before. */
export function checkTime(resources: Resources, document: ImportingDocument, at: unknown): void {
  const time = timeOf(at);
  const { doc, met } = document;
  if (time === undefined || Number.isNaN(time))
    throw new ImportOrderError({ id: doc, revision: met, reason: "its `at` is not a valid Date" });
  if (time < document.lastAt)
    throw new ImportOrderError({
      id: doc,
      revision: met,
      reason: "its time is before that of the revision before it",
    });
  if (time > resources.clock.now()) throw new ImportFutureError({ id: doc, revision: met });
  document.lastAt = time;
}

const fields: OptionNames<Revision<object>> = {
  id: true,
  at: true,
  by: true,
  state: true,
  reason: true,
  meta: true,
};

/** Throws UserError, ValueError, ReservedFieldError or OptionsError where the revision that was met last cannot be stored. */
export function checkRevision(
  { kinds, types, cache }: Resources,
  { doc, met: revision, waiting }: ImportingDocument,
  given: Revision<object, unknown>,
): CheckedRevision {
  refuseUnknownOptions(given, fields, "a revision");
  const by = checkUser(given.by, kinds);
  // most of it is as in the revision before, if that is known: then those parts are neither copied nor checked again
  const before = (waiting.at(-1)?.built.folded ?? cache.get(doc)?.folded)?.state;
  const state =
    given.state === null
      ? undefined
      : stateOf(doc, revision, () => reconcileState(before, given.state, doc, types));
  const meta = checkReasonAndMeta(given.reason, given.meta, types);
  if (meta !== undefined && Object.hasOwn(meta, "import"))
    throw optionsError("meta", "its field import is the library's own; use another name");
  return { revision, at: given.at.getTime(), by, reason: given.reason, meta, state };
}

function stateOf(doc: DocumentId, revision: number, normalised: () => PlainObject): PlainObject {
  try {
    return normalised();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError({ ...error.details, id: doc, revision });
  }
}
