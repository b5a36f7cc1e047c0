// The kit itself is tested: every broken storage must fail the section that is there to notice, and one that
// does nothing must fail every check.
import type { Storage } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { describe, expect, test, vi } from "vitest";
import { type OpenedStorage, rendezvous } from "../src/index.ts";
import { type Bench, onFreshStorage } from "../src/sections/bench.ts";
import { registerSections } from "../src/sections/register.ts";
import type { Check } from "../src/sections/section.ts";
import { sections } from "../src/sections/sections.ts";
import { brokenBy, brokenLater, noopStorage, oneCollection } from "./broken/breaks.ts";
import { brokenCommits } from "./broken/broken-commits.ts";
import { brokenReads } from "./broken/broken-reads.ts";
import { brokenRecords } from "./broken/broken-records.ts";
import { brokenRows } from "./broken/broken-rows.ts";
import { brokenSlots } from "./broken/broken-slots.ts";
import { brokenValues } from "./broken/broken-values.ts";
import { brokenViews } from "./broken/broken-views.ts";
import { failingChecks } from "./broken/failing-checks.ts";

vi.setConfig({ testTimeout: 600_000 });

const broken = [
  ...brokenCommits,
  ...brokenReads,
  ...brokenViews,
  ...brokenValues,
  ...brokenRecords,
  ...brokenRows,
  ...brokenSlots,
];

async function fails(check: Check<Bench>, open: () => OpenedStorage): Promise<boolean> {
  const [raced] = await rendezvous([
    () => onFreshStorage({ name: "broken", open: async () => open() }, check.prove),
  ]);
  return raced !== undefined && "error" in raced;
}

const list = failingChecks("failing-checks.json", sections, "all sections");

function expectListed(section: string, what: string, open: () => OpenedStorage): Promise<void> {
  return list.compare([section], what, ({ prove }) =>
    onFreshStorage({ name: "broken", open: async () => open() }, prove),
  );
}

test("a wrapper that breaks nothing fails no check", async () => {
  const failed: string[] = [];
  for (const { checks } of sections)
    for (const check of checks) if (await fails(check, () => brokenBy(() => ({})))) failed.push(check.title);
  expect(failed).toEqual([]);
});

describe("a storage that does nothing fails every check of", () => {
  test.each(sections)("$name", async ({ checks }) => {
    const passed: string[] = [];
    for (const check of checks) if (!(await fails(check, noopStorage))) passed.push(check.title);
    expect(passed).toEqual([]);
  });
});

describe.each(broken)("the section %s notices a storage that", (section, what, change) => {
  test(what, async () => {
    await expectListed(section, what, () => brokenBy(change));
  });
});

/** A memory storage whose own members are changed. */
function odd(
  change: (sound: Storage<string | number>) => Partial<Storage<string | number>>,
): () => OpenedStorage {
  return () => {
    const sound = memoryStorage();
    const storage = { ...sound, ...change(sound) };
    return { storage, close: () => sound.close() };
  };
}

const oddStorages: readonly (readonly [section: string, what: string, open: () => OpenedStorage])[] = [
  ["lifecycle", "has one collection under all names", oneCollection],
  [
    "lifecycle",
    "takes names of collections without their case",
    odd(({ open }) => ({ open: (name, call) => open(name.toLowerCase(), call) })),
  ],
  ["lifecycle", "names no collections", odd(() => ({ collections: async () => [] }))],
  ["lifecycle", "never closes", odd(() => ({ close: async () => undefined }))],
  [
    "lifecycle",
    "cannot be closed twice",
    odd(({ close }) => {
      let closed = false;
      const closeOnce = async (): Promise<void> => {
        if (closed) throw new Error("closed already");
        closed = true;
        await close();
      };
      return { close: closeOnce };
    }),
  ],
  [
    "capabilities",
    "declares atomic, and writes views a little later",
    () => {
      const opened = brokenBy(({ log, views }) => ({
        log: {
          commit: async (appends, order, call) => {
            const outcomes = await log.commit(
              appends.map(({ event }) => ({ event })),
              order,
              call,
            );
            await new Promise((resolve) => setTimeout(resolve, 3));
            for (const { view } of appends) if (view !== undefined) await views.write(view, "lower", call);
            return outcomes.map((outcome) =>
              outcome.event === "stored" ? { ...outcome, view: "current" } : outcome,
            );
          },
        },
      }));
      const capabilities = { ...opened.storage.capabilities, atomic: true };
      return { ...opened, storage: { ...opened.storage, capabilities } };
    },
  ],
  [
    "capabilities",
    "declares a kind of id that it does not store",
    odd(({ capabilities }) => {
      const bool = { name: "boolean", is: (value: unknown) => typeof value === "boolean" };
      return { capabilities: { ...capabilities, idKinds: [...capabilities.idKinds, bool] } };
    }),
  ],
  [
    "capabilities",
    "declares sizes of nothing",
    odd(({ capabilities }) => ({ capabilities: { ...capabilities, stateBytes: 1000 } })),
  ],
  [
    "reopening",
    "loses everything when it is closed",
    () => ({ ...odd(() => ({}))(), reopen: async () => memoryStorage() }),
  ],
  [
    "reopening",
    "forgets the ids of events when it is closed",
    () => brokenLater(() => ({ log: { byId: async () => undefined } })),
  ],
  [
    "reopening",
    "loses rows when it is closed",
    () => brokenLater(() => ({ rows: () => ({ get: async (docs) => docs.map(() => undefined) }) })),
  ],
  [
    "lifecycle",
    "ends a search when it is closed",
    () => {
      let closed = false;
      const opened = brokenBy(({ views }) => ({
        views: {
          count: async (...given) => {
            await new Promise((resolve) => setTimeout(resolve, 3));
            if (closed) throw new Error("the engine is gone");
            return views.count(...given);
          },
        },
      }));
      const close = async (): Promise<void> => {
        closed = true;
        await opened.close();
      };
      return { storage: { ...opened.storage, close }, close };
    },
  ],
  [
    "lifecycle",
    "miscounts its snapshots",
    odd(({ open }) => ({
      open: async (...given) => {
        const collection = await open(...given);
        return {
          ...collection,
          facts: async (call) => ({ ...(await collection.facts(call)), snapshots: 0 }),
        };
      },
    })),
  ],
  [
    "reopening",
    "keeps what another one kept",
    (() => {
      const shared = memoryStorage();
      return () => ({ storage: { ...shared, close: async () => undefined }, close: async () => undefined });
    })(),
  ],
];

describe.each(oddStorages)("the section %s notices a storage that", (section, what, open) => {
  test(what, async () => {
    await expectListed(section, what, open);
  });
});

test("every broken storage is listed, once, and nothing else is", () => {
  const names = [...broken, ...oddStorages].map(([, what]) => what);
  expect(list.storages()).toEqual(names.toSorted());
});

describe("a known gap is expected to fail, and nothing else is:", () => {
  const [, , jsonRecords] = brokenRecords.find(([, what]) => what === "keeps records as JSON") ?? [];
  registerSections(
    sections.filter(({ name }) => name === "checkpoints"),
    {
      name: "with a gap",
      open: async () => brokenBy(jsonRecords ?? (() => ({}))),
      gaps: ["gives a record back exactly, and nothing under another name"],
    },
  );
});
