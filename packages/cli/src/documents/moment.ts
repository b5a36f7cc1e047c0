import type { Moment } from "@everdraft/core";
import { UsageError } from "../failure.ts";

const lengths: Readonly<Record<string, number>> = {
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
};

/** How a moment may be written, for help and errors. */
export const momentForms =
  "a version (3), a date (2026-03-01, 2026-03-01T12:30; UTC unless it says otherwise), now, or so long ago (90s, 15m, 2h, 3d, 1w, 2 days ago); a day is its first moment";

/** A moment as the user writes it. Throws UsageError. */
export function parseMoment(text: string, now: number): Moment {
  const version = /^v?(\d+)$/.exec(text)?.[1];
  if (version !== undefined && Number(version) > 0) return { version: Number(version) };
  if (text === "now") return new Date(now);
  const [, many, unit] = /^(\d+) ?([a-z]+?)s?(?: ago)?$/.exec(text) ?? [];
  const length = unit === undefined ? undefined : lengths[unit === "" ? "s" : unit];
  if (many !== undefined && length !== undefined) return new Date(now - Number(many) * length);
  const date = dateOf(text);
  if (date !== undefined) return date;
  throw new UsageError(`${JSON.stringify(text)} is no moment. Give ${momentForms}.`);
}

/** A date as the user writes it. Throws UsageError. */
export function parseDate(text: string, now: number): Date {
  const moment = parseMoment(text, now);
  if (moment instanceof Date) return moment;
  throw new UsageError(
    `${JSON.stringify(text)} is a version, and here a date is needed, such as 2026-03-01.`,
  );
}

/** A date of ISO 8601, UTC unless it says otherwise; undefined where it is none, or there is no such day. */
export function dateOf(text: string): Date | undefined {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  // the 30th of February would be taken for the 2nd of March
  const start = new Date(`${day}T00:00Z`);
  if (Number.isNaN(start.getTime()) || start.toISOString().slice(0, 10) !== day) return undefined;
  const date = new Date(`${day}T${time ?? "00:00"}${zone ?? "Z"}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
