import { describe, expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { faultOfIndex, shellCommand, slotIndex } from "../src/indexes/indexes.ts";
import { appendOf, call } from "./support/build.ts";
import { byHand, newDatabase } from "./support/database.ts";

const right = { v: 2, key: { doc: 1, version: 1 }, name: "any", unique: true };

describe("the index over the slots", () => {
  test.each([
    ["is right whatever its name", [right], undefined],
    ["is right beside another one that guards nothing", [{ ...right, unique: false }, right], undefined],
    ["is right with the simple collation", [{ ...right, collation: { locale: "simple" } }], undefined],
    ["may be missing", [{ key: { _id: 1 } }], "is missing"],
    ["has its fields in another order", [{ ...right, key: { version: 1, doc: 1 } }], "is missing"],
    ["goes down", [{ ...right, key: { doc: 1, version: -1 } }], "is missing"],
    ["has a field more", [{ ...right, key: { doc: 1, version: 1, at: 1 } }], "is missing"],
    ["may not be unique", [{ ...right, unique: undefined }], "is not unique"],
    ["may be partial", [{ ...right, partialFilterExpression: { by: "x" } }], "is partial"],
    ["may be sparse", [{ ...right, sparse: true }], "is sparse"],
    ["may have a collation", [{ ...right, collation: { locale: "en" } }], "has a collation"],
  ])("%s", (_, found, fault) => {
    expect(faultOfIndex(found, slotIndex)).toBe(fault);
  });

  test("can be made by the command that the message gives", () => {
    expect(shellCommand("orders.events", slotIndex)).toBe(
      'db.getCollection("orders.events").createIndex({"doc":1,"version":1}, {"unique":true,"name":"doc_1_version_1"})',
    );
  });

  test.each([
    ["not unique", {}],
    ["partial", { unique: true, partialFilterExpression: { by: "x" } }],
    ["sparse", { unique: true, sparse: true }],
  ])("that is %s keeps a collection from being opened", async (_, options) => {
    const db = newDatabase();
    await byHand(db)
      .collection("orders.events")
      .createIndex({ doc: 1, version: 1 }, { ...options, name: "mine" });
    const storage = mongoStorage(db);
    await expect(storage.open("orders", call)).rejects.toMatchObject({
      code: "storage_corrupt",
      message: expect.stringMatching(/nothing is written.*createIndex/s),
    });
    await storage.close();
  });

  test("cannot be made where a slot is doubled already", async () => {
    const db = newDatabase();
    await byHand(db)
      .collection("orders.events")
      .insertMany([
        { doc: "a", version: 1 },
        { doc: "a", version: 1 },
      ]);
    const storage = mongoStorage(db);
    await expect(storage.open("orders", call)).rejects.toMatchObject({
      code: "storage_corrupt",
      message: expect.stringMatching(/doubled.*verify/s),
    });
    await storage.close();
  });

  test("that is lost stops all writing once the server was lost and found, until it is made again", async () => {
    const db = newDatabase();
    const storage = mongoStorage(db);
    const { log } = await storage.open("orders", call);
    await byHand(db).collection("orders.events").dropIndex("doc_1_version_1");
    // as a driver tells of a server that went away
    db.client.emit("connectionPoolCleared", {} as never);
    const outcomes = await log.commit([appendOf({ doc: "a" })], "independent", call);
    expect(outcomes).toEqual([
      { event: "refused", error: expect.objectContaining({ code: "storage_corrupt" }) },
    ]);
    expect(await log.head("a", 0, call)).toBeUndefined();
    await byHand(db).collection("orders.events").createIndex({ doc: 1, version: 1 }, { unique: true });
    expect(await log.commit([appendOf({ doc: "a" })], "independent", call)).toMatchObject([
      { event: "stored" },
    ]);
    await storage.close();
  });
});
