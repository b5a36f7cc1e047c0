// The views in memory: which view is written over which, and how they are found.
import { expect, test } from "vitest";
import { nothing } from "../src/fold/folded.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import type { DocumentId } from "../src/model/document-id.ts";
import { checkFilter } from "../src/model/filter.ts";
import type { KnownView, View } from "../src/port/view.ts";
import type { FindQuery } from "../src/port/view-store.ts";
import { viewOf } from "../src/projection/view-of.ts";
import type { PlainObject } from "../src/value/value.ts";
import { built, types } from "./built-events.ts";

const call = { timeoutMs: 1_000 };
const viewAt = (version: number, state: PlainObject | undefined, id: DocumentId = "d"): View =>
  viewOf({ ...nothing, version, changed: version, schema: 1, state }, id, types);
const first = viewAt(1, { n: 1 });
const second = viewAt(2, { n: 2 });
const deleted = viewAt(2, undefined);
const changed = { ...first, state: { n: 1, by: "another program" } };

async function opened() {
  const storage = memoryStorage();
  const { views, log } = await storage.open("c", call);
  const write = (view: View, over: "lower" | "any" = "lower") => views.write(view, over, call);
  const get = async (id: DocumentId = "d") => (await views.get([id], call))[0];
  /** Stores an event with its view, which follows on the one that its writer knew. */
  const commit = async (view: View, before: KnownView) => {
    const event = built({}, view.version > 1 ? built({}) : null);
    return (await log.commit([{ event, view, before }], "chain", call))[0];
  };
  const query: FindQuery = { filter: {}, sort: [], limit: 10 };
  const find = async (changes: Partial<FindQuery> = {}) =>
    (await views.find({ ...query, ...changes }, call)).map(({ id }) => id);
  return { storage, views, write, get, commit, find };
}

test("a view is inserted where none is, and written over a lower version", async () => {
  const { write, get } = await opened();
  expect(await write(first)).toBe("inserted");
  expect(await get()).toEqual(first);
  expect(await write(second)).toBe("current");
  expect(await get()).toEqual(second);
});

test("a view stays where an older one comes late, or another one of its version", async () => {
  const { write, get } = await opened();
  await write(second);
  expect(await write(first)).toBe("current");
  expect(await write(viewAt(2, { n: "another" }))).toBe("current");
  expect(await get()).toEqual(second);
});

test("a deleted document has no view any more, and its deletion over nothing is up to date", async () => {
  const { write, get } = await opened();
  expect(await write(deleted)).toBe("current");
  await write(first);
  expect(await write(deleted)).toBe("current");
  expect(await get()).toBeUndefined();
  expect(await write(second)).toBe("inserted");
});

test("a view that another program changed is left alone, and a repair writes over any view", async () => {
  const { write, get } = await opened();
  await write(changed, "any");
  expect(await write(second)).toBe("drift");
  expect(await get()).toEqual(changed);
  expect(await write(second, "any")).toBe("current");
  expect(await write(first, "any")).toBe("current");
  expect(await get()).toEqual(first);
});

test("a view that its writer knew, and that is gone, was taken away and is not written again", async () => {
  const { commit, get } = await opened();
  expect(await commit(second, first)).toEqual({ event: "stored", view: "drift" });
  expect(await get()).toBeUndefined();
});

test.each([
  ["its writer knew of none", second, "none", "inserted"],
  ["its writer does not know", second, undefined, "inserted"],
  ["the document was deleted before", second, viewAt(1, undefined), "inserted"],
  ["the document is deleted", deleted, first, "current"],
] as const)("a missing view was not taken away where %s", async (_, view, before, outcome) => {
  const { commit } = await opened();
  expect(await commit(view, before)).toEqual({ event: "stored", view: outcome });
});

test("views come in the order of the ids that were asked for", async () => {
  const { views, write } = await opened();
  const [a, b] = [viewAt(1, { n: 1 }, "a"), viewAt(1, { n: 2 }, 2)];
  await write(a);
  await write(b);
  expect(await views.get([2, "none", "a"], call)).toEqual([b, undefined, a]);
});

test("views are found in the order of ids, also those that came since, and none of a deleted document", async () => {
  const { write, find } = await opened();
  for (const id of ["b", 10, "d", 9]) await write(viewAt(1, { n: 1 }, id));
  expect(await find()).toEqual([9, 10, "b", "d"]);
  expect(await find({ limit: 2 })).toEqual([9, 10]);
  await write(viewAt(1, { n: 1 }, "c"));
  await write(viewAt(2, undefined, "b"));
  expect(await find()).toEqual([9, 10, "c", "d"]);
  await write(viewAt(3, { n: 1 }, "b"));
  expect(await find({ after: { id: 10, values: [] } })).toEqual(["b", "c", "d"]);
});

test("a page of a sort goes on behind its position, wherever the ids are", async () => {
  const { write, find } = await opened();
  const ns = { a: 3, b: 1, c: 2 };
  for (const [id, n] of Object.entries(ns)) await write(viewAt(1, { n }, id));
  const sort: FindQuery["sort"] = [["n", 1]];
  expect(await find({ sort, limit: 2 })).toEqual(["b", "c"]);
  expect(await find({ sort, after: { id: "c", values: [2] } })).toEqual(["a"]);
});

test("views are counted by filter and schema version", async () => {
  const { views, write } = await opened();
  for (const [id, n] of Object.entries({ a: 1, b: 1, c: 2 })) await write(viewAt(1, { n }, id));
  await write(viewOf({ ...nothing, version: 1, changed: 1, schema: 2, state: { n: 1 } }, "e", types));
  expect(await views.count({}, call)).toBe(4);
  const filter = checkFilter({ n: 1 }, types);
  expect(await views.count(filter, call)).toBe(3);
  expect(await views.count(filter, call, { to: 1 })).toBe(2);
});

test("nothing is answered once the storage is closed", async () => {
  const { storage, views, write, find } = await opened();
  await storage.close();
  const calls = [() => write(first), () => views.get(["d"], call), () => find(), () => views.count({}, call)];
  for (const ask of calls) await expect(ask()).rejects.toMatchObject({ code: "closed" });
});
