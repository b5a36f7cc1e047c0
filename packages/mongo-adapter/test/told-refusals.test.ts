// A view that an index refuses is told of by verify, in the process that had it refused and in any other.
import { createStore } from "@everdraft/core";
import { verify } from "@everdraft/core/upkeep";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { byHand, newDatabase } from "./support/database.ts";

interface Thing {
  n?: number;
  loc?: unknown;
}

function storeOn(db: ReturnType<typeof newDatabase>) {
  const storage = mongoStorage(db);
  const store = createStore<Thing>({ collection: "things", storage, sweep: false });
  onTestFinished(async () => {
    await store.close();
    await storage.close();
  });
  return store;
}

test("verify names the index that keeps a view from being written, and the remedy", async () => {
  const db = newDatabase();
  const things = byHand(db).collection("things");
  await things.createIndex({ loc: "2dsphere" });
  const store = storeOn(db);
  await store.create("g", "alice", { n: 1 });
  expect(await store.create("x", "alice", { loc: "nowhere, secretly" })).toMatchObject({ view: "refused" });
  const told = /its index "loc_2dsphere" takes only GeoJSON or a pair of coordinates.*drop the index/s;
  const [here] = (await store.verify("x")).findings;
  expect(here).toMatchObject({ kind: "behind", message: expect.stringMatching(told) });
  expect(here?.message).toMatch(/^The view stays at version 0, since the collection refuses a newer one/);
  // another process had nothing refused, and knows the index alone
  const elsewhere = storeOn(db);
  const [there] = (await elsewhere.verify("x")).findings;
  expect(there).toMatchObject({ kind: "behind", message: expect.stringMatching(told) });
  expect(there?.message).toMatch(/It may also be refused by the collection/);
  for (const one of [here, there]) expect(one?.message).not.toMatch(/secretly/);
  expect(await elsewhere.verify("g")).toMatchObject({ ok: true });
  expect(await verify(elsewhere, { repair: true })).toMatchObject({ repaired: 0, failures: 1 });
  // the remedy is one
  await things.dropIndex("loc_2dsphere");
  expect(await verify(elsewhere, { repair: true })).toMatchObject({ repaired: 1, failures: 0 });
  expect(await storeOn(db).get("x")).toEqual({ loc: "nowhere, secretly" });
});

test("a view that is merely late is told without an index where none may be in the way", async () => {
  const db = newDatabase();
  const store = storeOn(db);
  await store.create("x", "alice", { n: 1 });
  await byHand(db).collection("things").createIndex({ n: 1 });
  await byHand(db)
    .collection("things")
    .deleteOne({ _id: "x" as never });
  const [finding] = (await storeOn(db).verify("x")).findings;
  expect(finding).toMatchObject({ kind: "behind", message: expect.not.stringMatching(/index|refuse/) });
});
