import { describe, expect, test } from "vitest";
import type { StorageFixture } from "./fixture.ts";
import { registerChecks, registerSections } from "./sections/register.ts";
import { sections } from "./sections/sections.ts";
import { ofTheLibraryAlone, storeSections } from "./store-sections/sections.ts";
import { onFreshStore } from "./store-sections/store-bench.ts";

/**
 * Registers the conformance kit for a storage, as Vitest tests: an adapter's whole proof. Every check
 * runs on a fresh storage, and none is ever skipped: where a storage declares that it lacks something, the
 * documented behaviour in that case is asserted. Sections about the library alone, which no storage can fail, are proven
 * once, in memory; with EVERDRAFT_WHOLE=1 they run here too.
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
  register(fixture, (section) => isWhole || !isOfTheLibrary(section));
  test(`the gaps of ${fixture.name} are checks that there are`, () => {
    const titles = [...sections, ...storeSections].flatMap(({ checks }) => checks.map(({ title }) => title));
    expect(fixture.gaps?.filter((gap) => !titles.includes(gap)) ?? []).toEqual([]);
  });
}

function isOfTheLibrary({ name }: { readonly name: string }): boolean {
  return [...ofTheLibraryAlone].some((section) => section.name === name);
}

/**
 * Registers only these sections of the kit: for one more way to set a storage up, when `describeStorage` proves
 * the storage itself. Throws RangeError for a name that no section has.
 */
export function describeSections(fixture: StorageFixture, names: readonly string[]): void {
  const known = [...sections, ...storeSections].map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`The kit has no sections of these names: ${unknown.join(", ")}.`);
  register(fixture, ({ name }) => names.includes(name));
}

function register(fixture: StorageFixture, isWanted: (section: { readonly name: string }) => boolean): void {
  const [ofPort, ofStore] = [sections.filter(isWanted), storeSections.filter(isWanted)];
  if (ofPort.length > 0) describe(`storage ${fixture.name}`, () => registerSections(ofPort, fixture));
  if (ofStore.length > 0)
    describe(`the store on ${fixture.name}`, () =>
      registerChecks(ofStore, fixture, ({ prove }) => onFreshStore(fixture, prove)));
}
