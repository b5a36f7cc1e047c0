import { createStore } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";

interface Old {
  rank: number;
}
interface New {
  order: number;
  rank: number;
}

test("pages behind a document go on where its migrated state stands, which is the one that it was given with", async () => {
  const storage = memoryStorage();
  const old = createStore<Old>({ collection: "notes", storage });
  const ids = ["a", "b", "c", "d", "e"];
  for (const [rank, id] of ids.entries()) await old.create(id, "u", { rank });
  const store = createStore<New>({
    collection: "notes",
    storage,
    schemaVersion: 2,
    migrations: { 1: ({ rank }: Old) => ({ order: 1, rank: -rank }) },
  });
  await store.edit("c", "u", (draft) => void Object.assign(draft, { rank: -2 }));
  for (const [sort, wanted] of [
    [{ rank: 1 }, ids.toReversed()],
    [{ order: 1 }, ids],
    [{ order: -1, rank: -1 }, ids],
  ] as const) {
    const seen: string[] = [];
    for (let after: Awaited<ReturnType<typeof page>>[number] | undefined; ; ) {
      const found = await page(after);
      seen.push(...found.map(({ id }) => id));
      after = found.at(-1);
      if (after === undefined) break;
    }
    expect(seen).toEqual(wanted);
    function page(after: { id: string; state: unknown } | undefined) {
      return store.find({}, { sort, limit: 2, ...(after && { after }) }).toArray();
    }
  }
  const after = { id: "b", state: { rank: -1 } };
  const behind = await store.find({}, { sort: { rank: 1 }, after }).toArray();
  expect(behind.map(({ id }) => id)).toEqual(["a"]);
  await expect(
    old.find({}, { sort: { rank: 1 }, after: { id: "b", state: undefined } }).toArray(),
  ).rejects.toEqual(expect.objectContaining({ code: "filter" }));
});
