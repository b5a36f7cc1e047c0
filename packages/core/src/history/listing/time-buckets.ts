/** The spans of time by which events are counted. */
export type Bucket = "hour" | "day";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Clocks of a zone change at whole quarters of an hour. */
const quarterMs = hourMs / 4;

/**
 * The beginning of the hour or day of a zone in which a time is, both in milliseconds since 1970. A day in which the clocks
 * change has 23 or 25 hours, or as many as they make; an hour that comes twice is two. Quick for times that come in order.
 * Throws RangeError for a zone that Intl does not know.
 */
export function bucketsIn(timeZone: string, bucket: Bucket): (at: number) => number {
  const localOf = localTimes(timeZone);
  const begin = bucket === "day" ? beginOfDay : beginOfHour;
  let known = { quarter: Number.NaN, start: 0 };
  return (at) => {
    const quarter = Math.floor(at / quarterMs);
    if (quarter !== known.quarter) known = { quarter, start: begin(at, localOf) };
    return known.start;
  };
}

/** The local time at a time, as milliseconds of a clock that never changes. */
type LocalOf = (at: number) => number;

function localTimes(timeZone: string): LocalOf {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const local = new Date(0);
    local.setUTCFullYear(
      parts.get("era")?.startsWith("B") ? 1 - of("year") : of("year"),
      of("month") - 1,
      of("day"),
    );
    local.setUTCHours(of("hour"), of("minute"), of("second"), at - Math.floor(at / 1000) * 1000);
    return local.getTime();
  };
}

/** Where the clocks change within the hour, the hour begins there. */
function beginOfHour(at: number, localOf: LocalOf): number {
  const offset = localOf(at) - at;
  const start = Math.floor((at + offset) / hourMs) * hourMs - offset;
  return localOf(start) - start === offset
    ? start
    : firstWith(start, at, (time) => localOf(time) - time === offset);
}

function beginOfDay(at: number, localOf: LocalOf): number {
  const day = (time: number): number => Math.floor(localOf(time) / dayMs);
  const wanted = day(at);
  const midnight = wanted * dayMs;
  // by the offset before a change of the clocks or the one behind it; where there is no midnight, at the change
  for (const around of [-dayMs, 0, dayMs]) {
    const start = midnight - (localOf(midnight + around) - (midnight + around));
    if (day(start) === wanted && day(start - 1) < wanted) return start;
  }
  return firstWith(at - 2 * dayMs, at, (time) => day(time) >= wanted);
}

/** The first time behind `low`, up to `high`, at which something is so that stays so. */
function firstWith(low: number, high: number, isSo: (time: number) => boolean): number {
  let [before, so] = [low, high];
  while (so - before > 1) {
    const middle = Math.floor((before + so) / 2);
    if (isSo(middle)) so = middle;
    else before = middle;
  }
  return so;
}
