import { EverdraftError } from "@everdraft/core/adapter";
import { codeOf, hasLabel, nameOf, property } from "./driver-errors.ts";
import { factOf } from "./error-facts.ts";
import {
  type Attempted,
  closed,
  driverMeanings,
  electionRemedy,
  type Meaning,
  retriesRemedy,
  serverMeanings,
  unknownMeaning,
} from "./error-meanings.ts";

/**
 * The library's error for an error of the driver; errors of the library are given back as they are. The driver's error is
 * kept as `cause`.
 */
export function translateError(thrown: unknown, attempted: Attempted): EverdraftError {
  if (thrown instanceof EverdraftError) return thrown;
  const { make, remedy } = meaningOf(thrown);
  const { operation, database } = attempted;
  const where = `in the database ${JSON.stringify(database)}`;
  return make({ operation, where, reason: factOf(thrown), remedy }, thrown, attempted);
}

/**
 * Whether after this error (of the driver or translated) of a write surely nothing of it was stored, so that
 * there is no sense in sending it again.
 */
export function storedNothing(thrown: unknown): boolean {
  if (thrown instanceof EverdraftError) return true;
  if (property(thrown, "writeConcernError") !== undefined) return false;
  if (hasLabel(thrown, "RetryableWriteError")) return false;
  return meaningOf(thrown).final;
}

/** The meaning of a code of the server; undefined where it is in no table. */
export function codeMeans(code: number): Meaning | undefined {
  return serverMeanings.get(code);
}

/**
 * Whether the same may succeed if it is tried again: after an election, once the server can be reached, or where
 * another writer was in the way. Not where the client's owner closed it.
 */
export function mayPass(thrown: unknown): boolean {
  const meaning = meaningOf(thrown);
  return meaning !== unknownMeaning && !meaning.final && meaning.make !== closed;
}

/**
 * Whether a server (or the driver before it sends) refuses a command as such. One of an unknown code may have been carried out
 * in part.
 */
export function refusesCommand(thrown: unknown): boolean {
  if (property(thrown, "writeConcernError") !== undefined || hasLabel(thrown, "RetryableWriteError"))
    return false;
  return !mayPass(thrown);
}

function meaningOf(thrown: unknown): Meaning {
  const known = codeMeans(codeOf(thrown) ?? Number.NaN);
  if (known !== undefined) {
    const refusesRetries = property(thrown, "originalError") !== undefined;
    return refusesRetries ? { ...known, remedy: retriesRemedy } : known;
  }
  const byName = driverMeanings.get(nameOf(thrown) ?? "");
  if (byName !== undefined) return byName;
  return hasLabel(thrown, "RetryableWriteError")
    ? { ...unknownMeaning, remedy: electionRemedy }
    : unknownMeaning;
}
