/** A date that an import takes, and the one that was given where that is another. */
export interface RevisionDate {
  /** Not before the date before it, and not after the present. */
  readonly at: Date;
  /** The original, where it had to be moved. */
  readonly moved?: Date;
}

// a store keeps dates of the years 1 to 9999
const earliest = Date.parse("0001-01-01T00:00:00.000Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Makes the dates of one document's revisions, oldest first, into dates that never go back and are not in the future: clocks of
 * committers can be wrong either way.
 *
 * @param now the present in milliseconds since 1970
 */
export function revisionDates(now: number): (date: number) => RevisionDate {
  let before = Number.NEGATIVE_INFINITY;
  return (date) => {
    const valid = date >= earliest && date <= latest;
    // an invalid date counts as the date before it
    const known = valid ? date : Math.max(before, 0);
    const at = Math.min(Math.max(known, before), Math.max(now, before));
    before = at;
    return { at: new Date(at), ...(valid && at !== date && { moved: new Date(date) }) };
  };
}
