import { describe, expect, test } from "vitest";
import type { StorageFixture } from "../fixture.ts";
import { onFreshStorage } from "./bench.ts";
import type { Section } from "./section.ts";

/**
 * How long one check may take, in milliseconds: some write hundreds of events, on a server that is far away.
 */
const longest = 60_000;

/**
 * Registers sections as Vitest tests. A check that is named as a gap must fail, and a gap that names no check
 * is a failure.
 */
export function registerSections(sections: readonly Section[], fixture: StorageFixture): void {
  const gaps = new Set(fixture.gaps);
  for (const { name, checks } of sections) {
    describe(name, () => {
      for (const { title, prove } of checks) {
        const run = gaps.delete(title) ? test.fails : test;
        run(title, () => onFreshStorage(fixture, prove), longest);
      }
    });
  }
  test("names as gaps only checks that there are", () => expect([...gaps]).toEqual([]));
}
