import { describe, expect, test } from "vitest";
import type { StorageFixture } from "./fixture.ts";
import { onFreshStorage } from "./sections/bench.ts";
import { registerChecks } from "./sections/register.ts";
import type { Check, Section } from "./sections/section.ts";
import { sections } from "./sections/sections.ts";
import { storeSections } from "./store-sections/sections.ts";
import { onFreshStore } from "./store-sections/store-bench.ts";

/**
 * Registers the conformance kit for a storage, as Vitest tests: an adapter's whole proof. Every check
 * runs on a fresh storage, and none is ever skipped: where a storage declares that it lacks something, the
 * documented behaviour in that case is asserted. Checks of the library alone, which a storage fails only by faults that other
 * checks find, are proven once, in memory; with EVERDRAFT_WHOLE=1 they run here too.
 *
 * @example
 * describeStorage({
 *   name: "memory",
 *   open: async () => {
 *     const storage = memoryStorage();
 *     return { storage, close: () => storage.close() };
 *   },
 * });
 */
export function describeStorage(fixture: StorageFixture): void {
  const isWhole = process.env.EVERDRAFT_WHOLE === "1";
  register(fixture, ({ checks, once }) => (isWhole ? [...checks, ...once] : checks));
  test(`the gaps of ${fixture.name} are checks that there are`, () => {
    const titles = everySection().flatMap(({ checks, once }) =>
      [...checks, ...once].map(({ title }) => title),
    );
    expect(fixture.gaps?.filter((gap) => !titles.includes(gap)) ?? []).toEqual([]);
  });
}

/** Registers the checks of the library alone, which are proven once. */
export function describeLibraryAlone(fixture: StorageFixture): void {
  register(fixture, ({ once }) => once);
}

/**
 * Registers only these sections of the kit: for one more way to set a storage up, when `describeStorage` proves
 * the storage itself. Throws RangeError for a name of no section that has checks for every storage.
 */
export function describeSections(fixture: StorageFixture, names: readonly string[]): void {
  const known = everySection().filter(({ checks }) => checks.length > 0);
  const unknown = names.filter((name) => !known.some((section) => section.name === name));
  if (unknown.length > 0)
    throw new RangeError(`The kit has no sections of these names: ${unknown.join(", ")}.`);
  register(fixture, ({ name, checks }) => (names.includes(name) ? checks : []));
}

function everySection(): readonly Section<never>[] {
  return [...sections, ...storeSections];
}

function register(fixture: StorageFixture, pick: <B>(section: Section<B>) => readonly Check<B>[]): void {
  const ofPort = sections.map((section) => ({ name: section.name, checks: pick(section) }));
  const ofStore = storeSections.map((section) => ({ name: section.name, checks: pick(section) }));
  const any = (picked: typeof ofPort | typeof ofStore): boolean =>
    picked.some(({ checks }) => checks.length > 0);
  if (any(ofPort))
    describe(`storage ${fixture.name}`, () =>
      registerChecks(ofPort, fixture, ({ prove }) => onFreshStorage(fixture, prove)));
  if (any(ofStore))
    describe(`the store on ${fixture.name}`, () =>
      registerChecks(ofStore, fixture, ({ prove }) => onFreshStore(fixture, prove)));
}
