// The index over the slots may have any name, and servers tell of duplicates in words of their own.
import { createStore, type Store } from "@everdraft/core";
import type { Db, Document, IndexSpecification } from "mongodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { behindProxy } from "./support/behind-proxy.ts";
import { firstFails } from "./support/bulk-command.ts";
import { byHand, newDatabase } from "./support/database.ts";
import { atomicOrNot } from "./support/transactions.ts";

interface Count {
  n: number;
}

function storeOn(db: Db, options: { readonly atomicViews?: boolean } = {}): Store<Count> {
  const storage = mongoStorage(db, options);
  const store = createStore<Count>({ collection: "orders", storage });
  onTestFinished(async () => {
    await store.close();
    await storage.close();
  });
  return store;
}

const edit = (store: Store<Count>, user: string) => store.edit("o", user, (draft) => void draft.n++);
const unique = (db: Db, key: IndexSpecification, name: string) =>
  byHand(db).collection("orders.events").createIndex(key, { unique: true, name });

describe.each(atomicOrNot)("with atomicViews: %s,", (atomicViews) => {
  test.each(["slots", "my slots"])(
    "a race that is lost on an index called %j is a conflict, which is tried again",
    async (name) => {
      const db = newDatabase();
      await unique(db, { doc: 1, version: 1 }, name);
      const [a, b] = [storeOn(db, { atomicViews }), storeOn(db, { atomicViews })];
      await a.create("o", "alice", { n: 0 });
      await edit(b, "bob");
      expect(await edit(a, "alice")).toMatchObject({ version: 3, state: { n: 2 } });
    },
  );

  test("so is one on an index that was made anew under another name while the store was open", async () => {
    const db = newDatabase();
    const [a, b] = [storeOn(db, { atomicViews }), storeOn(db, { atomicViews })];
    await a.create("o", "alice", { n: 0 });
    await edit(b, "bob");
    await byHand(db).collection("orders.events").dropIndex("doc_1_version_1");
    await unique(db, { doc: 1, version: 1 }, "anew");
    expect(await edit(a, "alice")).toMatchObject({ version: 3, state: { n: 2 } });
  });

  test("so is one where the server names an index of somebody else, and the slot is taken", async () => {
    const db = newDatabase();
    // it comes first, so it is the one that is named
    await unique(db, { version: 1, doc: 1 }, "aside");
    const [a, b] = [storeOn(db, { atomicViews }), storeOn(db, { atomicViews })];
    await a.create("o", "alice", { n: 0 });
    await edit(b, "bob");
    expect(await edit(a, "alice")).toMatchObject({ version: 3, state: { n: 2 } });
  });

  test("an index of somebody else's that refuses an event is named, and the slot's is left alone", async () => {
    const db = newDatabase();
    await unique(db, { by: 1 }, "one each");
    const store = storeOn(db, { atomicViews });
    await store.create("o", "alice", { n: 0 });
    const refused = await store.create("p", "alice", { n: 0 }).catch((error) => error);
    expect(refused).toMatchObject({
      code: "constraint",
      message: expect.stringMatching(/the unique index "one each" of the events, which is not the library's/),
    });
    expect(await store.history("p").toArray()).toEqual([]);
    expect(await edit(store, "bob")).toMatchObject({ version: 2 });
  });
});

let answer: (command: Document) => Document | undefined = () => undefined;
const other = behindProxy("a server with words of its own", {
  answer: (command) =>
    "bulkWrite" in command || command.insert === "orders.events" ? answer(command) : undefined,
});
// to an insert and to a command that holds the view too
const duplicate = (errmsg: string) => ({
  n: 0,
  writeErrors: [{ index: 0, code: 11000, errmsg }],
  ...firstFails({ code: 11000, errmsg }),
});

describe("in the words of DocumentDB", () => {
  test("an index of somebody else's is named at once, where its server would have been asked for ten seconds", async () => {
    const db = other.client().db(newDatabase().databaseName);
    await unique(db, { by: 1 }, "mine");
    const store = storeOn(db);
    await store.ready();
    answer = () => duplicate("Duplicate key violation on the requested collection: Index 'mine'");
    await expect(store.create("o", "alice", { n: 0 })).rejects.toMatchObject({
      code: "constraint",
      message: expect.stringMatching(/the unique index "mine" of the events/),
    });
  });

  test("a race that is lost on the slot is a conflict", async () => {
    const db = other.client().db(newDatabase().databaseName);
    const [a, b] = [storeOn(db), storeOn(db)];
    answer = () => undefined;
    await a.create("o", "alice", { n: 0 });
    await edit(b, "bob");
    let said = 0;
    answer = () =>
      said++ === 0
        ? duplicate("Duplicate key violation on the requested collection: Index 'doc_1_version_1'")
        : undefined;
    expect(await edit(a, "alice")).toMatchObject({ version: 3, state: { n: 2 } });
  });
});
