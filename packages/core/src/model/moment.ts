import { MomentError } from "../errors/moment-error.ts";
import { isCount, timeOf } from "../value/value.ts";

/** A place in a document's history: a date (the last event at or before it), or a version (from 1). */
export type Moment = Date | { readonly version: number };

/** A checked moment: milliseconds since 1970, or a version. */
export type CheckedMoment = { readonly date: number } | { readonly version: number };

/** Throws MomentError unless the value is a valid date or a version from `least`: 0 is before the creation. */
export function checkMoment(moment: unknown, least: 0 | 1 = 1): CheckedMoment {
  const date = timeOf(moment);
  if (date !== undefined) {
    if (Number.isNaN(date)) throw invalid("the date is invalid");
    return { date };
  }
  const version =
    typeof moment === "object" && moment !== null && "version" in moment ? moment.version : undefined;
  if (version === undefined) throw invalid("expected a Date or { version }");
  if (!isCount(version) || version < least) throw invalid(`a version is a whole number from ${least}`);
  return { version };
}

/** The milliseconds of a date. Throws MomentError; `reason` says why a version does not do. */
export function checkDate(moment: unknown, reason: string): number {
  const checked = checkMoment(moment);
  if ("date" in checked) return checked.date;
  throw new MomentError({ reason, expected: "date" });
}

function invalid(reason: string): MomentError {
  return new MomentError({ reason, expected: "moment" });
}
