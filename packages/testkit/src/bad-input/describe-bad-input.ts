import type { ErrorCode } from "@everdraft/core";
import { describe, expect, test } from "vitest";
import type { StorageFixture } from "../fixture.ts";
import { judgeRow } from "./judge.ts";
import { describeNormalised } from "./normalised.ts";
import type { BadInputRow } from "./row.ts";
import { badInput } from "./rows.ts";

/**
 * Registers the table of bad input for a storage: each row is refused by its own error with code, facts and remedy and without
 * any value of a document; nothing is stored, and the store goes on working. Rows that are refused before a storage is asked are
 * proven once, in memory; with EVERDRAFT_WHOLE=1 they run here too.
 *
 * @param extraRows rows that only this storage can be given, by their titles
 */
export function describeBadInput(
  fixture: StorageFixture,
  extraRows: Readonly<Record<string, readonly BadInputRow[]>> = {},
): void {
  const isWhole = process.env.EVERDRAFT_WHOLE === "1";
  register(fixture, { ...(isWhole ? badInput : onEveryStorage()), ...extraRows });
}

/** Registers the whole table. */
export function describeAllBadInput(fixture: StorageFixture): void {
  register(fixture, badInput);
}

/** The subjects with rows for which a storage is asked. */
const askStorage: ReadonlySet<string> = new Set([
  "imports",
  "projections",
  "sizes",
  "views and events that others wrote",
  "newer formats and schemas",
  "times and signals",
  "what was closed",
  "what a storage refuses",
]);

/** The rows that run on every storage: those for which it is asked. */
export function onEveryStorage(): Readonly<Record<string, readonly BadInputRow[]>> {
  const asking = Object.entries(badInput).filter(([subject]) => askStorage.has(subject));
  return Object.fromEntries(
    asking.map(([subject, rows]) => [subject, rows.filter(({ once }) => once !== true)]),
  );
}

function register(fixture: StorageFixture, table: Readonly<Record<string, readonly BadInputRow[]>>): void {
  describe(`bad input on ${fixture.name}`, () => {
    for (const [subject, rows] of Object.entries(table)) {
      describe(subject, () => {
        for (const row of rows) test(row.title, () => judgeRow(fixture, row));
      });
    }
    describeNormalised(fixture);

    test("no two rows have one title", () => {
      const titles = Object.values(table).flatMap((rows) => rows.map(({ title }) => title));
      expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
    });
  });
}

/** The codes of all errors that the table provokes. */
export function badInputCodes(): ReadonlySet<ErrorCode> {
  return new Set(
    Object.values(badInput).flatMap((rows) => rows.flatMap((row) => ("code" in row ? [row.code] : []))),
  );
}
