import { expect, test } from "vitest";
import { parseDate, parseMoment } from "../src/documents/moment.ts";
import { UsageError } from "../src/failure.ts";

const now = Date.UTC(2026, 2, 10, 12);
const on = (iso: string): Date => new Date(iso);

test("A moment is a version, a date in UTC, now, or so long ago", () => {
  const cases: [string, unknown][] = [
    ["3", { version: 3 }],
    ["v12", { version: 12 }],
    ["now", on("2026-03-10T12:00:00Z")],
    ["2026-03-01", on("2026-03-01T00:00:00Z")],
    ["2026-03-01T12:30", on("2026-03-01T12:30:00Z")],
    ["2026-03-01 12:30:05.250", on("2026-03-01T12:30:05.250Z")],
    ["2026-03-01T12:30+02:00", on("2026-03-01T10:30:00Z")],
    ["2h", on("2026-03-10T10:00:00Z")],
    ["90s", on("2026-03-10T11:58:30Z")],
    ["15 min ago", on("2026-03-10T11:45:00Z")],
    ["3 days ago", on("2026-03-07T12:00:00Z")],
    ["1w", on("2026-03-03T12:00:00Z")],
  ];
  for (const [text, moment] of cases) expect(parseMoment(text, now), text).toEqual(moment);
});

test("Anything else is a UsageError that says what can be given", () => {
  for (const text of ["", "0", "-1", "1.5", "soon", "2026-13-01", "2026-3-1", "3 parsecs", "01/02/2026"])
    expect(() => parseMoment(text, now), text).toThrow(
      /is no moment\. Give a version \(3\), a date \(2026-03-01/,
    );
  expect(() => parseDate("3", now)).toThrow(UsageError);
});
