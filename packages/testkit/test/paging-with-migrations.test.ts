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

test("pages go on where the migrated state of the last document stands, which is the one that it was given with", async () => {
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
    for (let cursor: string | undefined; ; ) {
      const found = await store
        .find({}, { sort })
        .page({ limit: 2, ...(cursor !== undefined && { cursor }) });
      seen.push(...found.items.map(({ id }) => id));
      cursor = found.next;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(wanted);
  }
});
