import type { Db } from "mongodb";
import { describe, expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { faultOfCollection } from "../src/views/view-collection.ts";
import { appendOf, call } from "./support/build.ts";
import { byHand, newDatabase } from "./support/database.ts";
import { hasTransactions } from "./support/transactions.ts";

const plain = { name: "orders", type: "collection", options: {} };
const id = { name: "_id_", key: { _id: 1 } };

describe("what keeps a collection from holding the current documents", () => {
  test.each([
    ["nothing", plain, [id], undefined],
    [
      "nothing: an index of the user's own",
      plain,
      [id, { name: "by_customer", key: { customer: 1 } }],
      undefined,
    ],
    ["a unique index", plain, [id, { name: "mail_1", unique: true }], /mail_1/],
    ["an index that drops documents", plain, [id, { name: "old", expireAfterSeconds: 5 }], /TTL/],
    ["a validator", { ...plain, options: { validator: { $jsonSchema: {} } } }, [id], /validator/],
    ["a fixed size", { ...plain, options: { capped: true } }, [id], /capped/],
    ["a collation", { ...plain, options: { collation: { locale: "de" } } }, [id], /collation/],
    ["being a view", { ...plain, type: "view" }, [], /a view/],
  ])("%s", (_, info, indexes, reason) => {
    const fault = faultOfCollection(info, indexes, false);
    if (reason === undefined) expect(fault).toBeUndefined();
    else expect(fault?.reason).toMatch(reason);
  });

  test("with atomicViews may be unique indexes and validators, and nothing else", () => {
    const validated = { ...plain, options: { validator: { a: 1 } } };
    expect(faultOfCollection(validated, [{ name: "mail_1", unique: true }], true)).toBeUndefined();
    expect(faultOfCollection({ ...plain, options: { capped: true } }, [], true)?.reason).toMatch(/capped/);
  });

  test.each([
    [
      "a unique index",
      (db: Db) => db.collection("orders").createIndex({ mail: 1 }, { unique: true }),
      /mail_1/,
    ],
    ["a validator", (db: Db) => db.createCollection("orders", { validator: { a: 1 } }), /validator/],
    ["TTL", (db: Db) => db.collection("orders").createIndex({ t: 1 }, { expireAfterSeconds: 9 }), /TTL/],
  ])("is told when it is opened: %s", async (_, spoil, reason) => {
    const db = newDatabase();
    await spoil(byHand(db));
    const storage = mongoStorage(db);
    await expect(storage.open("orders", call)).rejects.toMatchObject({
      code: "options",
      details: { option: "collection", reason: expect.stringMatching(reason) },
    });
    await storage.close();
  });
});

describe.skipIf(!hasTransactions)("with atomicViews", () => {
  test("a unique index refuses one document of a commit, and nothing of it is stored", async () => {
    const db = newDatabase();
    await byHand(db).collection("people").createIndex({ mail: 1 }, { unique: true });
    const storage = mongoStorage(db, { atomicViews: true });
    const { log, views } = await storage.open("people", call);
    await log.commit([appendOf({ doc: "a" }, { mail: "x" })], "independent", call);
    const commit = ["b", "c"].map((doc, i) => appendOf({ doc }, { mail: i === 0 ? "x" : "y" }));
    const outcomes = await log.commit(commit, "independent", call);
    expect(outcomes).toEqual([
      { event: "refused", error: expect.objectContaining({ code: "constraint" }) },
      { event: "stored", view: "current" },
    ]);
    expect(String((outcomes[0] as { error: Error }).error.message)).not.toMatch(/"x"/);
    expect(await log.head("b", 0, call)).toBeUndefined();
    expect((await views.get(["a", "b", "c"], call)).map((view) => view?.state)).toEqual([
      { mail: "x" },
      undefined,
      { mail: "y" },
    ]);
    await storage.close();
  });
});

describe("the name of a collection", () => {
  test.each([
    ["", /empty/],
    ["a\0b", /NUL/],
    ["a$b", /\$/],
    ["system.users", /system/],
    [".a", /dot/],
    ["a..b", /dots/],
    ["everdraft.checkpoints", /checkpoints/],
    ["x".repeat(250), /longer/],
  ])("cannot be %j", async (name, reason) => {
    const storage = mongoStorage(newDatabase());
    await expect(storage.open(name, call)).rejects.toMatchObject({
      code: "options",
      details: { option: "collection", reason: expect.stringMatching(reason) },
    });
    await storage.close();
  });
});
