/** The first and the last time that an event can have: the years 1 to 9999, as for every date of a state. */
const earliest = Date.parse("0001-01-01T00:00:00.000Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

/** Before all events, and after all of them. */
export const firstTime: Date = new Date(earliest);

/** Milliseconds as a date; a time beyond all events becomes the nearest limit. */
export function dateOf(milliseconds: number): Date {
  return new Date(Math.max(earliest, Math.min(latest, milliseconds)));
}
