import { ConstraintError, type Outcome, type StoredEvent, showId } from "@everdraft/core/adapter";
import { bulkErrors } from "./bulk-errors.ts";
import { type Attempted, storedNothing, translateError } from "./translate-error.ts";

const duplicateKey = 11000;

/**
 * What became of the events of one insert that failed, from the driver's error. No more is said than is
 * known: a concern that failed, a broken connection and a timeout leave all open that the server did not
 * refuse.
 */
export function outcomesOf(
  error: unknown,
  events: readonly StoredEvent[],
  order: "independent" | "chain",
  attempted: Attempted,
): readonly Outcome[] {
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
  return events.map((event, i): Outcome => {
    if (broken) return { event: "unsent" };
    const one = refused.get(i);
    broken = order === "chain" && one !== undefined;
    return one === undefined ? sound : refusal(event, one, attempted);
  });
}

interface WriteError {
  readonly code: number;
  readonly errmsg: string;
}

function refusal(event: StoredEvent, error: WriteError, attempted: Attempted): Outcome {
  if (error.code === duplicateKey) {
    const by = indexOf(error.errmsg);
    if (by !== "other") return { event: "taken", ...(by !== undefined && { by }) };
    const message = `Could not store the event of document ${showId(event.doc)}: a unique index of the events that is not the library's refuses it. Take that index away.`;
    return { event: "refused", error: new ConstraintError(message, { id: event.doc }, { cause: error }) };
  }
  const translated = translateError(error, attempted);
  return storedNothing(error)
    ? { event: "refused", error: translated }
    : { event: "unknown", cause: translated };
}

/**
 * Which index a duplicate key error names, as far as its text says so: servers word it differently, and some
 * not at all. Ids are texts in the same message, so only what stands before the key counts.
 */
export function indexOf(errmsg: string): "slot" | "id" | "other" | undefined {
  const named = /\bindex:\s+(?:\S+\$)?(\S+)/.exec(errmsg.split("dup key")[0] ?? "")?.[1];
  if (named === undefined) return undefined;
  if (named === "_id_" || named === "_id") return "id";
  return named.includes("doc_1") && named.includes("version_1") ? "slot" : "other";
}
