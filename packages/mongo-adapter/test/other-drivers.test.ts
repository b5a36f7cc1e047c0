// A program may have another driver than the one that this package finds, and several copies of bson.
import { createStore } from "@everdraft/core";
import { BSON, Long } from "mongodb";
import { BSON as BSON6 } from "mongodb6";
import { describe, expect, onTestFinished, test } from "vitest";
import { type MongoDatabase, type MongoObjectId, type MongoUuid, mongoStorage } from "../src/index.ts";
import { appendOf, call } from "./support/build.ts";
import { newDatabase } from "./support/database.ts";
import { connectCopy, copyOfDriver, type DriverDatabase, drivers } from "./support/drivers.ts";

type State = Readonly<Record<string, unknown>>;

/** The classes of a driver, of whatever version. */
interface Classes {
  readonly ObjectId: new (hex: string) => MongoObjectId;
  readonly UUID: new (hex: string) => MongoUuid;
  readonly Binary: new (bytes: Uint8Array, subtype: number) => object;
  readonly Decimal128: { fromString(text: string): object };
  readonly Long: { fromString(text: string): object };
}

const values = (bson: Classes): State => ({
  objectId: new bson.ObjectId("65f0c0ffee65f0c0ffee65f0"),
  decimal: bson.Decimal128.fromString("1.10"),
  long: bson.Long.fromString("-9007199254740993"),
  uuid: new bson.UUID("123e4567-e89b-42d3-a456-426614174000"),
  md5: new bson.Binary(Uint8Array.of(1, 2, 3), 5),
});

const copy = await copyOfDriver();
const all: typeof drivers = { ...drivers, "another copy of mongodb 7": (name) => connectCopy(copy, name) };
const others: Readonly<Record<string, Classes>> = {
  "mongodb 7": BSON,
  "another copy of mongodb 7": copy.BSON,
  "mongodb 6": BSON6,
};

async function connected(driver: string): Promise<DriverDatabase> {
  const made = await all[driver]?.(newDatabase().databaseName);
  if (made === undefined) throw new Error(`there is no driver ${driver}`);
  onTestFinished(async () => void (await made.close()));
  return made;
}

function storeOn({ db, BSON: bson }: DriverDatabase) {
  const storage = mongoStorage(db, { BSON: bson });
  const store = createStore<State, string | MongoObjectId | MongoUuid>({ collection: "things", storage });
  onTestFinished(async () => {
    await store.close();
    await storage.close();
  });
  return store;
}

describe.each(Object.keys(all))("with the driver of %s", (driver) => {
  test.each(Object.entries(others))(
    "values of %s are taken, and handed out as the driver's own",
    async (_, bson) => {
      const made = await connected(driver);
      const given = values(bson);
      const [store, later] = [storeOn(made), storeOn(made)];
      await store.create("a", "alice", { ...given, list: [given.long], n: 1 });
      await store.edit("a", "bob", (draft) => {
        (draft as { n: number }).n = 2;
      });
      for (const state of [
        await later.get("a"),
        (await later.read("a"))?.state,
        await later.stateAt("a", { version: 1 }),
      ]) {
        for (const [name, value] of Object.entries(given)) {
          expect([name, String(state?.[name])]).toEqual([name, String(value)]);
          const own: unknown = Reflect.get(made.BSON, (value as object).constructor.name);
          expect([name, state?.[name]]).toEqual([name, expect.any(own)]);
        }
      }
      expect(await later.verify("a")).toMatchObject({ ok: true, version: 2 });
      expect(await later.count({ objectId: given.objectId } as object)).toBe(1);
      expect(await later.count({ long: { $lt: given.decimal } } as object)).toBe(1);
      expect(
        await later.edit("a", "bob", (draft) => void delete (draft as { md5?: unknown }).md5),
      ).toMatchObject({ view: "current" });
    },
  );

  test("ids of any copy of bson are one document's, and one user's", async () => {
    const made = await connected(driver);
    const store = storeOn(made);
    const ids = Object.values(others).flatMap((bson) => [
      new bson.ObjectId("65f0c0ffee65f0c0ffee65f0"),
      new bson.UUID("123e4567-e89b-42d3-a456-426614174000"),
    ]);
    for (const id of ids.slice(0, 2)) await store.create(id, id, { n: 0 });
    for (const id of ids)
      await store.edit(id, id, (draft) => {
        (draft as { n: number }).n++;
      });
    for (const id of ids) {
      expect(await store.get(id)).toEqual({ n: 3 });
      expect(await store.getMany([id])).toEqual([{ n: 3 }]);
      expect(await store.history(id, { by: id }).toArray()).toHaveLength(4);
      expect(await store.count({ _id: id } as object)).toBe(1);
      expect(await store.verify(id)).toMatchObject({ ok: true, version: 4 });
      const [found] = await store.find({ _id: id } as object).toArray();
      expect(found?.id).toEqual(expect.any(String(id).length === 24 ? made.BSON.ObjectId : made.BSON.UUID));
    }
    const [, second] = await store.find({}).toArray();
    const { next } = await store.find({}).page({ limit: 1 });
    const behind = await store.find({}).page({ limit: 1, ...(next !== undefined && { cursor: next }) });
    expect(behind.items.map(({ id }) => String(id))).toEqual([String(second?.id)]);
  });
});

describe("a database of another driver than the one that this package finds", () => {
  test.each(["another copy of mongodb 7", "mongodb 6", "mongoose 8"])(
    "is refused when it is opened: %s",
    async (driver) => {
      const { db } = await connected(driver);
      const storage = mongoStorage(db);
      onTestFinished(() => storage.close());
      await expect(storage.open("things", call)).rejects.toMatchObject({
        code: "options",
        details: { option: "BSON" },
        message: expect.stringMatching(/mongoose\.mongo\.BSON/),
      });
      expect((await storage.collections?.(call)) ?? []).toEqual([]);
    },
  );

  test("is refused with the classes of a third", async () => {
    const { db } = await connected("mongodb 6");
    const storage = mongoStorage(db, { BSON: copy.BSON });
    onTestFinished(() => storage.close());
    await expect(storage.open("things", call)).rejects.toMatchObject({ code: "options" });
  });
});

test.each([
  [
    "something that has no classes",
    { BSON: {} },
    /no ObjectId, UUID, Decimal128, Binary, Long, calculateObjectSize/,
  ],
  [
    "a driver in place of its BSON",
    { BSON: { ...copy, calculateObjectSize: undefined } },
    /no calculateObjectSize/,
  ],
])("the option BSON is refused that is %s", (_, options, reason) => {
  expect(() => mongoStorage(newDatabase(), options as never)).toThrow(
    expect.objectContaining({ code: "options", message: expect.stringMatching(reason) }),
  );
});

test.each([
  ["nothing", undefined],
  ["a client", newDatabase().client],
  ["a name", "shop"],
])("a storage is refused that is made with %s", (_, given) => {
  expect(() => mongoStorage(given as unknown as MongoDatabase)).toThrow(
    expect.objectContaining({ code: "options", message: expect.stringMatching(/client\.db\(name\)/) }),
  );
});

test("what only looks like a value of bson is none", async () => {
  const store = createStore<State>({ collection: "things", storage: mongoStorage(newDatabase()) });
  onTestFinished(() => store.close());
  class Fake {
    _bsontype = "ObjectId";
    id = Buffer.alloc(12);
  }
  const short = Object.assign(new BSON6.ObjectId(), {});
  Object.defineProperty(short, "id", { value: Buffer.alloc(3) });
  for (const value of [new Fake(), short, Long.fromNumber(1, true)])
    await expect(store.create("a", "alice", { value })).rejects.toMatchObject({ code: "value" });
  // a plain object stays one, whatever its keys are
  await store.create("a", "alice", { value: { _bsontype: "ObjectId", id: "x" } });
  expect(await store.get("a")).toEqual({ value: { _bsontype: "ObjectId", id: "x" } });
});

test("an event that the driver would not send is refused, and those beside it are stored", async () => {
  const { db } = await connected("mongodb 6");
  const storage = mongoStorage(db, { BSON: BSON6 });
  onTestFinished(() => storage.close());
  const { log } = await storage.open("things", call);
  // no store lets such a value through
  const value = { ref: new BSON.ObjectId() };
  const foreign = appendOf({ doc: "a", patches: [{ op: "replace", path: [], value }] });
  const outcomes = await log.commit([foreign, appendOf({ doc: "b" })], "independent", call);
  expect(outcomes).toMatchObject([
    { event: "refused", error: { code: "value", message: expect.stringMatching(/BSONVersionError/) } },
    { event: "stored" },
  ]);
  expect(await log.head("a", 0, call)).toBeUndefined();
});

test("the database of a Mongoose connection is given with the classes of its driver", async () => {
  const { connection, mongoose } = await openMongoose();
  // #region bson
  // import mongoose from "mongoose"; connection.db is there once the connection is open
  const storage = mongoStorage(connection.db, { BSON: mongoose.mongo.BSON });
  // #endregion bson
  onTestFinished(() => storage.close());
  const store = createStore<State>({ collection: "things", storage });
  expect(await store.create("a", "alice", { n: 1 })).toMatchObject({ version: 1 });
  await store.close();
});

async function openMongoose() {
  const { db, BSON: classes } = await connected("mongoose 8");
  return { connection: { db }, mongoose: { mongo: { BSON: classes } } };
}
