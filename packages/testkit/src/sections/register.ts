import { describe, test } from "vitest";
import type { StorageFixture } from "../fixture.ts";
import { onFreshStorage, type PortSection } from "./bench.ts";
import type { Check } from "./section.ts";

/**
 * How long one check may take, in milliseconds: some write thousands of events, each one durable, on a server
 * that is far away or has anything else to do.
 */
const longest = 600_000;

/** Registers the checks that every storage has to pass, of sections of the port. A check that is named as a gap must fail. */
export function registerSections(sections: readonly PortSection[], fixture: StorageFixture): void {
  registerChecks(sections, fixture, ({ prove }) => onFreshStorage(fixture, prove));
}

/** Registers checks by their section, which may be of any kind. Sections without checks are left out. */
export function registerChecks<B>(
  sections: readonly { readonly name: string; readonly checks: readonly Check<B>[] }[],
  { gaps = [] }: StorageFixture,
  run: (check: Check<B>) => Promise<void>,
): void {
  for (const { name, checks } of sections.filter((section) => section.checks.length > 0)) {
    describe(name, () => {
      for (const check of checks) {
        const register = gaps.includes(check.title) ? test.fails : test;
        register(check.title, () => run(check), longest);
      }
    });
  }
}
