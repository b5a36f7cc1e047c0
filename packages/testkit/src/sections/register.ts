import { describe, test } from "vitest";
import type { StorageFixture } from "../fixture.ts";
import { onFreshStorage } from "./bench.ts";
import type { Section } from "./section.ts";

/**
 * How long one check may take, in milliseconds: some write thousands of events, each one durable, on a server
 * that is far away or has anything else to do.
 */
const longest = 600_000;

/** Registers sections of the port as Vitest tests. A check that is named as a gap must fail. */
export function registerSections(sections: readonly Section[], fixture: StorageFixture): void {
  registerChecks(sections, fixture, ({ prove }) => onFreshStorage(fixture, prove));
}

/** Registers sections of any kind. */
export function registerChecks<C extends { readonly title: string }>(
  sections: readonly { readonly name: string; readonly checks: readonly C[] }[],
  { gaps = [] }: StorageFixture,
  run: (check: C) => Promise<void>,
): void {
  for (const { name, checks } of sections) {
    describe(name, () => {
      for (const check of checks) {
        const register = gaps.includes(check.title) ? test.fails : test;
        register(check.title, () => run(check), longest);
      }
    });
  }
}
