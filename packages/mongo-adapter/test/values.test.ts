import { createStore } from "@everdraft/core";
import { sameValue } from "@everdraft/core/internals";
import { Binary, Code, Decimal128, Double, Int32, Long, ObjectId, Timestamp, UUID } from "mongodb";
import { describe, expect, test } from "vitest";
import { types } from "../src/capabilities.ts";
import { mongoStorage } from "../src/index.ts";
import { call } from "./support/build.ts";
import { byHand, newDatabase } from "./support/database.ts";

const kept = {
  objectId: new ObjectId(),
  long: Long.fromString("-9007199254740993"),
  smallLong: Long.fromNumber(5),
  decimal: Decimal128.fromString("1.10"),
  nan: Decimal128.fromString("NaN"),
  uuid: new UUID(),
  md5: new Binary(Uint8Array.of(1, 2, 3), 5),
  old: new Binary(Uint8Array.of(4), 2),
  bytes: Uint8Array.of(0, 255),
  date: new Date(-1),
};

describe("a value of MongoDB's own", () => {
  test("comes back as it was: now, from the past, and after an edit beside it", async () => {
    const db = newDatabase();
    const store = createStore<Record<string, unknown>>({ collection: "things", storage: mongoStorage(db) });
    await store.create("a", "alice", { ...kept, list: [kept.long, { deep: kept.uuid }], n: 1 });
    await store.edit("a", "bob", (draft) => {
      draft.n = 2;
    });
    for (const state of [await store.get("a"), await store.stateAt("a", { version: 1 })]) {
      for (const [name, value] of Object.entries(kept)) {
        expect([name, sameValue(state?.[name], value, types), state?.[name]?.constructor]).toEqual([
          ...[name, true, value.constructor],
        ]);
      }
      expect(sameValue(state?.list, [kept.long, { deep: kept.uuid }], types)).toBe(true);
    }
    expect(await store.verify("a")).toMatchObject({ ok: true, version: 2 });
    expect(await store.count({ smallLong: { $gte: Long.fromNumber(5) } } as object)).toBe(1);
    expect(await store.count({ uuid: kept.uuid } as object)).toBe(1);
    const raw = await byHand(db).collection("things").findOne({ objectId: kept.objectId });
    expect(raw?._everdraft).toMatchObject({ version: 2, by: "bob", schema: 1 });
    await store.close();
  });

  test.each([
    ["a Timestamp", new Timestamp({ t: 1, i: 2 })],
    ["an unsigned Long", Long.fromNumber(5, true)],
    ["code", new Code("x")],
    ["an Int32, which is a number", new Int32(5)],
    ["a Double, which is a number", new Double(5)],
    ["a Binary of subtype 0, which is a Uint8Array", new Binary(Uint8Array.of(1))],
  ])("that would not come back is refused: %s", async (_, value) => {
    const store = createStore<{ v: unknown }>({ collection: "things", storage: mongoStorage(newDatabase()) });
    await expect(store.create("a", "alice", { v: value })).rejects.toMatchObject({ code: "value" });
    await store.close();
  });

  test("may be an id: each kind is a document of its own", async () => {
    const storage = mongoStorage(newDatabase());
    const store = createStore<{ n: number }, string | number | ObjectId | UUID>({
      collection: "things",
      storage,
    });
    const [uuid, objectId] = [new UUID(), new ObjectId()];
    const ids = ["5", 5, uuid, objectId, String(uuid), objectId.toHexString()];
    for (const [n, id] of ids.entries()) await store.create(id, "alice", { n });
    for (const [n, id] of ids.entries()) expect(await store.get(id)).toEqual({ n });
    expect(await store.count()).toBe(ids.length);
    expect((await store.find({}).toArray()).map(({ state }) => state.n)).toHaveLength(ids.length);
    await store.close();
  });
});

describe("what others wrote into the collection", () => {
  test("is seen: 32-bit, 64-bit and decimal numbers, and ids of kinds that no store gives are passed by", async () => {
    const db = newDatabase();
    await byHand(db)
      .collection<{ _id: unknown; n: unknown }>("things")
      .insertMany([
        { _id: "a", n: new Int32(1) },
        { _id: "b", n: new Double(2.5) },
        { _id: new Date(0), n: 3 },
        { _id: Long.fromNumber(7), n: Long.fromNumber(4) },
      ] as never);
    const { views } = await mongoStorage(db).open("things", call);
    const found = await views.find({ filter: {}, sort: [], limit: 10 }, call);
    expect(found.map(({ id, version, state }) => [id, version, String(state?.n)])).toEqual([
      [7, 0, "4"],
      ["a", 0, "1"],
      ["b", 0, "2.5"],
    ]);
    const pages = [];
    for (let after: { id: string | number | object; values: [] } | undefined; ; ) {
      const page = await views.find({ filter: {}, sort: [], limit: 1, ...(after && { after }) }, call);
      const [view] = page;
      if (view === undefined) break;
      pages.push(view.id);
      after = { id: view.id, values: [] };
    }
    expect(pages).toEqual([7, "a", "b"]);
  });
});
