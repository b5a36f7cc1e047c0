import type { Outcome, StoredEvent } from "@everdraft/core/adapter";
import { namesIn } from "../indexes/index-names.ts";
import { bulkErrors } from "./bulk-errors.ts";
import type { Attempted } from "./error-meanings.ts";
import type { WriteError } from "./refusals.ts";
import { storedNothing, translateError } from "./translate-error.ts";

const duplicateKey = 11000;

/** That a unique index refused an event, and which, so far as the server's text says so. */
export interface Duplicate {
  readonly event: "duplicate";
  readonly index: string | undefined;
  readonly error: WriteError;
}

/**
 * The outcomes of the events of one insert that failed, from the driver's error. No more is said than is known: a concern
 * that failed, a broken connection and a timeout leave open all events that the server did not refuse. Which index a
 * duplicate is of is not decided here.
 */
export function outcomesOf(
  error: unknown,
  events: readonly StoredEvent[],
  order: "independent" | "chain",
  attempted: Attempted,
): readonly (Outcome | Duplicate)[] {
  const { cause, writeErrors, lostConcern } = bulkErrors(error);
  if (writeErrors.length === 0) {
    const outcome: Outcome =
      !lostConcern && storedNothing(cause)
        ? { event: "refused", error: translateError(cause, attempted) }
        : { event: "unknown", cause: translateError(cause, attempted) };
    return events.map(() => outcome);
  }
  const refused = new Map(writeErrors.map((one) => [one.index, one]));
  const sound: Outcome = lostConcern
    ? { event: "unknown", cause: translateError(cause, attempted) }
    : { event: "stored" };
  let broken = false;
  return events.map((_, i): Outcome | Duplicate => {
    if (broken) return { event: "unsent" };
    const one = refused.get(i);
    broken = order === "chain" && one !== undefined;
    return one === undefined ? sound : refusalOutcome(one, attempted);
  });
}

/** The outcome of an event that the server refused. */
export function refusalOutcome(error: WriteError, attempted: Attempted): Outcome | Duplicate {
  if (error.code === duplicateKey) return { event: "duplicate", index: namesIn(error.errmsg)[0], error };
  const translated = translateError(error, attempted);
  return storedNothing(error)
    ? { event: "refused", error: translated }
    : { event: "unknown", cause: translated };
}
