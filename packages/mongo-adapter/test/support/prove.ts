import { describeSections, describeStorage, type StorageFixture } from "@everdraft/testkit";

/**
 * Proves one more way to set the storage up: by the sections that it could matter to, and with EVERDRAFT_WHOLE
 * in the environment by the whole kit.
 */
export function describeSetUp(fixture: StorageFixture, sections: readonly string[]): void {
  if (process.env.EVERDRAFT_WHOLE === undefined) describeSections(fixture, sections);
  else describeStorage(fixture);
}
