// Another program that writes to a document right between the library's look at it and its write.
import { chainOf } from "@everdraft/testkit";
import type { Db } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { types } from "../src/capabilities.ts";
import { type MongoDatabase, mongoStorage } from "../src/index.ts";
import { call } from "./support/build.ts";
import { byHand, newDatabase } from "./support/database.ts";

/** The database, on which something is done right before views are written. */
function interrupted(db: Db, before: () => Promise<unknown>): MongoDatabase {
  return {
    databaseName: db.databaseName,
    client: db.client,
    command: (...given) => db.command(...given),
    listCollections: (...given) => db.listCollections(...given),
    collection: (name, options) => {
      const collection = db.collection(name, options);
      if (name !== "notes") return collection;
      return new Proxy(collection, {
        get: (target, key) => {
          if (key === "bulkWrite")
            return async (...given: Parameters<typeof target.bulkWrite>) => {
              await before();
              return target.bulkWrite(...given);
            };
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

test.each([
  ["a field", { n: 1, list: [{ q: 1 }] }, { $set: { n: 99 } }],
  ["a field, where the document holds no number", { n: Number.NaN, m: 1 }, { $set: { m: 99 } }],
  ["a field of its own", { n: 1 }, { $set: { theirs: true } }],
])("what another program writes then stays: %s", async (_, first, change) => {
  const db = newDatabase();
  const notes = byHand(db).collection<{ _id: string }>("notes");
  let isArmed = false;
  const writeOnce = async (): Promise<void> => {
    if (isArmed) await notes.updateOne({ _id: "a" }, change);
    isArmed = false;
  };
  const storage = mongoStorage(interrupted(db, writeOnce));
  onTestFinished(() => storage.close());
  const stored = await storage.open("notes", call);
  const { views } = chainOf("a", [first, { n: 2 }], () => ({}), types);
  const [view, next] = views as [(typeof views)[0], (typeof views)[0]];
  if (view === undefined || next === undefined) throw new Error("there are two");
  expect(await stored.views.write(view, "lower", call)).toBe("inserted");
  const before = await notes.findOne({ _id: "a" });
  isArmed = true;
  expect(await stored.views.write(next, "lower", call)).toBe("drift");
  expect(isArmed).toBe(false);
  expect(await notes.findOne({ _id: "a" })).toEqual({ ...before, ...change.$set });
});
