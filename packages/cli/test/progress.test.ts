import { expect, test } from "vitest";
import { reachedText } from "../src/terminal/progress.ts";
import { ago, second, span } from "../src/text/times.ts";

test("How far work is, in words", () => {
  const reached = { done: 1_200, total: 20_000, rate: 850.4, etaMs: 22_000, position: "o-1200", failures: 1 };
  expect(reachedText(reached, "document")).toBe(
    "1,200/20,000 documents  850/s  ETA 22 s  at o-1200  1 failure",
  );
  expect(reachedText({ done: 1, rate: 3, failures: 0 }, "document")).toBe("1 document  3/s");
  const far = { done: 2, rate: 0, position: `\u001b[2J${"x".repeat(99)}`, failures: 2 };
  expect(reachedText(far, "row")).toBe(`2 rows  0/s  at \ufffd[2J${"x".repeat(27)}…  2 failures`);
});

test("Times and spans, in words", () => {
  const now = Date.UTC(2026, 2, 1, 12);
  const cases: [number, string][] = [
    [400, "just now"],
    [1_000, "1 second ago"],
    [59 * 60_000, "59 minutes ago"],
    [26 * 3_600_000, "1 day ago"],
    [13 * 86_400_000, "13 days ago"],
    [20 * 86_400_000, "2 weeks ago"],
    [70 * 86_400_000, "2 months ago"],
    [800 * 86_400_000, "2 years ago"],
    [-2 * 3_600_000, "in 2 hours"],
  ];
  for (const [before, words] of cases) expect(ago(new Date(now - before), now)).toBe(words);
  expect(second(new Date(now))).toBe("2026-03-01 12:00:00");
  expect([400, 59_400, 61_000, 3_660_000].map(span)).toEqual(["0 s", "59 s", "1 min 01 s", "1 h 01 min"]);
});
