import { describe, test } from "vitest";
import type { StorageFixture } from "../fixture.ts";
import { storeSections } from "./sections.ts";
import { onFreshStore } from "./store-bench.ts";

/** Long checks write thousands of events, each one durable. */
const timeoutMs = 60_000;

/**
 * Registers the tests of the whole store on a storage: what each call answers, refuses and leaves behind. A
 * part of `describeStorage`; each test opens a storage of its own.
 */
export function describeStore(fixture: StorageFixture): void {
  describe(`the store on ${fixture.name}`, () => {
    for (const { name, checks } of storeSections) {
      describe(name, () => {
        for (const { title, prove } of checks)
          test(title, { timeout: timeoutMs }, () => onFreshStore(fixture, prove));
      });
    }
  });
}
