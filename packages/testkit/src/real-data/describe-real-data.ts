import type { Imported } from "@everdraft/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StorageFixture } from "../fixture.ts";
import { expectedOf } from "./expected.ts";
import { historiesFile, isFull } from "./histories.ts";
import {
  expectAllChanges,
  expectAllVerified,
  expectCurrentStates,
  expectEveryEvent,
} from "./histories-kept.ts";
import { type Digests, expectEveryDate, expectEveryVersion, expectWhoAndWhen } from "./past-states.ts";
import { revertThereAndBack } from "./reverts.ts";
import { expectReplays, writeAgain } from "./second-writing.ts";
import { openWorld, revisionsOf, type World } from "./world.ts";

/** How `describeRealData` runs. */
export interface RealDataOptions {
  /**
   * The brotli file of JSON Lines. Default: the one that the environment variable EVERDRAFT_HISTORIES names,
   * else the packed history that comes with the repository.
   */
  readonly file?: string;
}

/** How long one test may take, in milliseconds; the usual is a few seconds. */
const longest = 600_000;

/**
 * Registers the tests on real histories for a storage: every revision of the file must come back exactly, by
 * version and by date, with its user and reason; reverts are exact; and a second writing through the ordinary
 * calls gives equal results. A file that is missing fails; an empty one does too.
 */
export function describeRealData(fixture: StorageFixture, options: RealDataOptions = {}): void {
  describe(`real histories on ${fixture.name}`, () => {
    let world: World;
    let imported: Imported;
    let digests: Promise<Digests> | undefined;
    const everyVersion = (): Promise<Digests> => {
      digests ??= expectEveryVersion(world);
      return digests;
    };

    beforeAll(async () => {
      const expected = await expectedOf(historiesFile(options.file));
      const first = await openWorld(fixture, expected);
      imported = await first.store.import(revisionsOf(expected.path));
      world = await first.later();
    }, longest);
    afterAll(() => world?.close());

    test("the import stores an event for every revision that changes something", () => {
      const { documents, revisions, events, unchanged } = world.expected;
      expect(Math.min(documents.size, revisions, events)).toBeGreaterThan(0);
      if (isFull(world.expected.path)) {
        expect({ documents: documents.size, revisions, unchanged }).toEqual({
          documents: 60,
          revisions: 5_084,
          unchanged: 77,
        });
      }
      expect(imported).toEqual({
        documents: documents.size,
        revisions,
        events,
        unchanged,
        skipped: 0,
        refused: 0,
        conflicts: [],
      });
    });

    test("every revision comes back exactly by its version", () => everyVersion(), longest);
    test("the state at the date of every revision is exact", () => expectEveryDate(world), longest);
    test("moments tell version, time and user", () => expectWhoAndWhen(world), longest);
    test("history tells who made each change, when and why", () => expectEveryEvent(world), longest);
    test("changes tells of every event, ordered by time", () => expectAllChanges(world), longest);
    test("the current states are those of the last revisions", () => expectCurrentStates(world), longest);
    test("every document is verified", () => expectAllVerified(world), longest);

    test(
      "a rerun of the import stores nothing",
      async () => {
        const { store, expected } = world;
        expect(await store.import(revisionsOf(expected.path))).toMatchObject({
          documents: expected.documents.size,
          revisions: expected.revisions,
          events: 0,
          unchanged: 0,
          skipped: expected.revisions,
          conflicts: [],
        });
        await expectAllVerified(world);
      },
      longest,
    );

    test(
      "each document is reverted to several moments and back, exactly",
      async () => expectAllVerified(world, await revertThereAndBack(world)),
      longest,
    );

    test(
      "a second writing through create, edit and delete gives equal results",
      async () => {
        const imported = await everyVersion();
        const second = await openWorld(fixture, world.expected);
        try {
          await writeAgain(second, imported);
          const later = await second.later();
          await expectReplays(later);
          await expectAllVerified(later);
          expect(later.notices).toEqual([]);
          await later.close();
        } finally {
          await second.close();
        }
      },
      longest,
    );

    test("nothing was worth a notice", () => {
      expect(world.notices).toEqual([]);
    });
  });
}
