// Run by Jest (../under-jest.test.ts): its tests live in a vm context, so all that Node gives is of another realm.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { createStore } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { sqliteStorage } from "../../dist/index.js";

const plain = { text: "a", list: [{ n: 1 }, null], inner: { when: new Date(5) }, bytes: Uint8Array.of(1, 2) };
let folder;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "under-jest-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("what Node gives is of another realm here", async () => {
  for (const value of [structuredClone({}), deserialize(serialize({})), await new Response("{}").json()])
    expect(Object.getPrototypeOf(value)).not.toBe(Object.prototype);
  expect((await stat(folder)).mtime instanceof Date).toBe(false);
});

describe.each([
  ["memory", () => memoryStorage()],
  ["a SQLite file", () => sqliteStorage(join(folder, "a.db"))],
])("a store in %s", (_, open) => {
  let storage;
  let store;
  beforeAll(() => {
    storage = open();
    store = createStore({ collection: "files", storage });
  });
  afterAll(async () => {
    await store.close();
    await storage.close();
  });

  test("keeps what structuredClone and v8.deserialize give", async () => {
    await store.create("cloned", "alice", structuredClone(plain));
    await store.create("read", "alice", deserialize(serialize(plain)));
    for (const id of ["cloned", "read"]) {
      expect(await store.get(id)).toEqual(plain);
      await store.edit(id, "bob", (draft) => {
        draft.list.push(structuredClone({ more: [new Date(6)] }));
      });
      expect((await store.get(id)).list[2]).toEqual({ more: [new Date(6)] });
      expect((await store.replace(id, "bob", structuredClone(plain))).version).toBe(3);
      expect((await store.replace(id, "bob", structuredClone(plain))).changed).toBe(false);
    }
  });

  test("keeps the JSON of a response, and of meta", async () => {
    const json = () => new Response(JSON.stringify({ a: [1, { b: null }] })).json();
    await store.create("answer", "alice", await json(), { meta: await json() });
    expect(await store.get("answer")).toEqual({ a: [1, { b: null }] });
    expect((await store.history("answer").toArray())[0].meta).toEqual({ a: [1, { b: null }] });
  });

  test("takes the time of a file as a value, in a filter, as a moment, and of a revision", async () => {
    const { mtime } = await stat(folder);
    await store.create("file", "alice", { mtime });
    expect((await store.get("file")).mtime.getTime()).toBe(mtime.getTime());
    const ids = async (filter) => (await store.find(filter).toArray()).map(({ id }) => id);
    expect(await ids({ mtime })).toEqual(["file"]);
    expect(await ids({ mtime: { $gt: mtime } })).toEqual([]);
    await store.import([{ id: "old", at: mtime, by: "alice", state: { mtime } }]);
    expect(await store.stateAt("old", mtime)).toEqual({ mtime: new Date(mtime.getTime()) });
    expect(await store.history("old", { from: mtime, to: mtime }).toArray()).toHaveLength(1);
  });
});
