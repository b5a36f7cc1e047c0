import { describe } from "vitest";
import type { StorageFixture } from "./fixture.ts";
import { registerSections } from "./sections/register.ts";
import { sections } from "./sections/sections.ts";
import { describeStore } from "./store-sections/describe-store.ts";

/**
 * Registers the whole conformance kit for a storage, as Vitest tests: an adapter's whole proof. Every check
 * runs on a fresh storage, and none is ever skipped: where a storage declares that it lacks something, the
 * documented behaviour in that case is asserted.
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
  describe(`storage ${fixture.name}`, () => registerSections(sections, fixture));
  describeStore(fixture);
}
