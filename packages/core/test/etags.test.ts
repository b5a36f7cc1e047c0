// A version as an HTTP ETag: equal as long as the document is, and If-Match is expectedVersion.
import { expect, test } from "vitest";
import { createStore, defineProjection, newId, type Store } from "../src/index.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";

interface Task {
  readonly title: string;
  done?: boolean;
}

const titles = defineProjection({ name: "titles", version: 1, rows: ({ title }: Task) => [{ title }] });

/** Two stores on one storage, as of two servers, and a document of two versions. */
async function twoServers(): Promise<{ readonly one: Store<Task>; readonly other: Store<Task> }> {
  const storage = memoryStorage();
  const [one, other] = [1, 2].map(() =>
    createStore<Task>({ collection: "tasks", storage, projections: [titles] }),
  ) as [Store<Task>, Store<Task>];
  await one.create("t", "alice", { title: "Buy milk" });
  await one.edit("t", "alice", (draft) => void Object.assign(draft, { done: false }));
  return { one, other };
}

/** The versions that a server can make an ETag of: of a read, a find and a row. */
async function versionsBy(store: Store<Task>): Promise<readonly (number | undefined)[]> {
  const [[found], [row]] = [await store.find({}).toArray(), await store.rows(titles).of("t")];
  return [(await store.read("t"))?.version, found?.version, row?.version];
}

const finish = (draft: Task): void => {
  draft.done = true;
};

test("a version that was read stays through blanks, holds as If-Match, and no more after a change", async () => {
  const { one, other } = await twoServers();
  const etag = (await one.read("t"))?.version;
  expect(etag).toBe(2);
  const same = { title: "Buy milk", done: false };
  const blanks = [
    () => other.edit("t", "bob", () => undefined, { key: "edit" }),
    () => other.replace("t", "bob", same, { key: "replace" }),
    () => one.edit("t", "bob", () => undefined, { key: "conditional", expectedVersion: 2 }),
  ];
  for (const blank of blanks) {
    expect(await blank()).toMatchObject({ version: 2, changed: false });
    for (const store of [one, other]) expect(await versionsBy(store)).toEqual([2, 2, 2]);
  }
  await other.resolve("t", { eventId: newId(), version: 6 }, { settle: "bob" });
  const types = (await one.history("t", { blanks: true }).toArray()).map(({ type }) => type);
  expect(types).toEqual(["created", "edited", "blank", "blank", "blank", "blank"]);
  for (const store of [one, other]) expect(await versionsBy(store)).toEqual([2, 2, 2]);
  const changed = await other.edit("t", "bob", finish, { expectedVersion: 2 });
  expect(changed).toMatchObject({ version: 7, changed: true });
  for (const store of [one, other]) expect(await versionsBy(store)).toEqual([7, 7, 7]);
  for (const store of [one, other])
    for (const expectedVersion of [2, 6])
      await expect(store.edit("t", "alice", finish, { expectedVersion })).rejects.toMatchObject({
        code: "conflict",
        details: { expected: expectedVersion, found: 7 },
      });
});
