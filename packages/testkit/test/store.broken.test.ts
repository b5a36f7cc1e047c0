// The kit is tested too: a store on a broken storage must fail the section that is there to notice.
import type { StoredCollection, StoredEvent } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { describe, expect, test, vi } from "vitest";
import { storeSections } from "../src/store-sections/sections.ts";
import { onFreshStore } from "../src/store-sections/store-bench.ts";
import type { StoreCheck } from "../src/store-sections/store-section.ts";
import { type Replaced, wrapStorage } from "../src/store-sections/wrap-storage.ts";
import { failingChecks } from "./broken/failing-checks.ts";

vi.setConfig({ testTimeout: 600_000 });

type Broken = readonly [section: string, what: string, replace: (beneath: StoredCollection) => Replaced];

const withoutReason = ({ reason: _, ...event }: StoredEvent): StoredEvent => event;

const broken: readonly Broken[] = [
  [
    "what a write answers",
    "forgets the reasons",
    ({ log }) => ({ log: { read: async (...given) => (await log.read(...given)).map(withoutReason) } }),
  ],
  [
    "several writers",
    "says of a taken slot that it is stored",
    ({ log }) => ({
      log: {
        commit: async (...given) =>
          (await log.commit(...given)).map((one) => (one.event === "taken" ? { event: "stored" } : one)),
      },
    }),
  ],
  [
    "idempotency keys",
    "takes the newest event for that of any id",
    ({ log }) => ({ log: { byId: (doc, _, call) => log.head(doc, 0, call) } }),
  ],
  [
    "time",
    "gives times that are a millisecond late",
    ({ log }) => ({
      log: {
        read: async (...given) => (await log.read(...given)).map((event) => ({ ...event, at: event.at + 1 })),
      },
    }),
  ],
  [
    "reading states",
    "gives views in an order of its own",
    ({ views }) => ({ views: { get: async (...given) => (await views.get(...given)).toReversed() } }),
  ],
  [
    "reading histories",
    "gives a hundred events at most",
    ({ log }) => ({ log: { read: async (...given) => (await log.read(...given)).slice(0, 100) } }),
  ],
  [
    "reading the changes of all documents",
    "goes on behind a time and not behind an event",
    ({ log }) => ({
      log: {
        changes: async (query, call) => {
          const { after } = query;
          const page = await log.changes(query, call);
          return after === undefined ? page : page.filter(({ at }) => at !== after.at);
        },
      },
    }),
  ],
  [
    "finding documents",
    "sorts upwards only",
    ({ views }) => ({
      views: {
        find: (query, call) => views.find({ ...query, sort: query.sort.map(([path]) => [path, 1]) }, call),
      },
    }),
  ],
  [
    "histories longer than a snapshot's interval",
    "keeps no snapshots",
    () => ({ snapshots: { put: async () => undefined } }),
  ],
  [
    "views that were written to directly",
    "lets no version of a view fall",
    ({ views }) => ({ views: { write: (view, _, call) => views.write(view, "lower", call) } }),
  ],
  [
    "views that are behind their log",
    "says of views that they are written",
    () => ({ views: { write: async () => "current" } }),
  ],
];

const list = failingChecks<StoreCheck>("failing-store-checks.json", storeSections, "own section");

describe.each(broken)("the section %s notices a storage that", (section, what, replace) => {
  test(what, async () => {
    const open = async () => {
      const storage = memoryStorage();
      // one whose engine answers finds, so that the store does not sort for itself
      return { storage: wrapStorage(storage, replace, { scans: false }), close: () => storage.close() };
    };
    await list.compare(section, what, ({ prove }) => onFreshStore({ name: "broken", open }, prove));
  });
});

test("every broken storage is listed, once, and nothing else is", () => {
  expect(list.storages()).toEqual(broken.map(([, what]) => what).toSorted());
});

test("no two sections and no two checks of a section have one name", () => {
  const names = storeSections.flatMap(({ name, checks }) => checks.map(({ title }) => `${name}: ${title}`));
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(storeSections.map(({ name }) => name)).size).toBe(storeSections.length);
});
