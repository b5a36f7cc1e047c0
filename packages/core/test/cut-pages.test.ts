// A storage may cut a page of records that are heavy. Whoever reads pages goes on behind the cut.
import type { Storage } from "@everdraft/core/adapter";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { expect, onTestFinished, test } from "vitest";
import { createStore } from "../src/index.ts";
import { recordsOf, wrappedMemory } from "./support/wrapped-memory.ts";

/**
 * A storage that gives no more than so many records at once, and says where it left some out. Once `views.hidden` is set, it
 * finds no views.
 */
function cutting(most: number, views: { hidden: boolean }): Storage<string> {
  return wrappedMemory((opened) => ({
    views: {
      ...opened.views,
      get: async (ids, limits) => (views.hidden ? ids.map(() => undefined) : opened.views.get(ids, limits)),
    },
    log: {
      ...opened.log,
      records: async (doc, range, limits) => {
        const events = await opened.log.read(doc, range, limits);
        return { ...recordsOf(events.slice(0, most)), isCut: events.length > most };
      },
    },
  }));
}

async function counted(most: number, edits: number) {
  const views = { hidden: false };
  const store = createStore<{ n: number }>({
    collection: "counters",
    storage: cutting(most, views),
    cache: { maxBytes: 0 },
  });
  onTestFinished(() => store.close());
  await store.create("c", "alice", { n: 0 });
  for (let n = 1; n <= edits; n++)
    await store.edit("c", "alice", (draft) => {
      draft.n = n;
    });
  return { store, views };
}

for (const most of [2, 3]) {
  test(`each state of the past is read from pages that are cut to ${most} records`, async () => {
    const { store } = await counted(most, 9);
    for (let n = 0; n <= 9; n++) expect(await store.stateAt("c", { version: n + 1 })).toEqual({ n });
    expect(await store.stateAt("c", new Date(8.64e15))).toEqual({ n: 9 });
    await expect(store.stateAt("c", { version: 11 })).rejects.toMatchObject({ code: "version_ahead" });
  });

  test(`verify looks at all events where pages are cut to ${most} records`, async () => {
    const { store, views } = await counted(most, 9);
    expect(await store.verify("c")).toMatchObject({ ok: true, version: 10, findings: [] });
    // no view tells then how far the log goes
    views.hidden = true;
    expect(await store.verify("c")).toMatchObject({ version: 10, findings: [{ kind: "behind" }] });
    views.hidden = false;
    expect(await verify(store)).toMatchObject({ documents: 1, failures: 0 });
  });

  test(`a rebuild folds the whole log where pages are cut to ${most} records`, async () => {
    const { store } = await counted(most, 9);
    expect(await rebuild(store, { projection: "view" })).toMatchObject({ failures: 0 });
    expect(await store.get("c")).toEqual({ n: 9 });
    expect(await store.verify("c")).toMatchObject({ ok: true, version: 10 });
  });
}
