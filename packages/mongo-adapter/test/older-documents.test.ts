// Documents of an older schema are looked at by the library, not by the server: it has to order values as the server does.
import { createStore, type Filter } from "@everdraft/core";
import { Decimal128, Long, ObjectId } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";

interface Thing {
  readonly size: unknown;
  readonly sizes?: readonly unknown[];
}

const low = new ObjectId("000000000000000000000001");
const sizes: readonly (readonly [string, unknown])[] = [
  ["a", Long.fromNumber(10)],
  ["b", 9],
  ["c", Decimal128.fromString("9.5")],
  ["d", Long.fromString("9007199254740993")],
  ["e", low],
  ["f", null],
  ["g", [Long.fromNumber(100), Long.fromNumber(8)]],
  ["h", "text"],
];

/** The same documents twice: in the schema of the store, and in the one before it. */
async function stores() {
  const opened = [1, 2].map(() => {
    const storage = mongoStorage(newDatabase());
    onTestFinished(() => storage.close());
    return storage;
  });
  const [current, older] = await Promise.all(
    opened.map(async (storage, i) => {
      const options = { collection: "things", storage };
      const migrations = { 1: (thing: object) => thing };
      const store = createStore<Thing>({ ...options, schemaVersion: 2, migrations });
      const writer = i === 0 ? store : createStore<Thing>(options);
      for (const [id, size] of sizes) await writer.create(id, "alice", { size });
      onTestFinished(() => store.close());
      return store;
    }),
  );
  return { current, older };
}

test("a sort and a filter give for documents of an older schema what the server gives for current ones", async () => {
  const { current, older } = await stores();
  const ids = async (store: typeof current, filter: object, sort?: 1 | -1): Promise<readonly string[]> => {
    const found = store?.find(filter as Filter<Thing>, { ...(sort && { sort: { size: sort } }) });
    return ((await found?.toArray()) ?? []).map(({ id }) => id);
  };
  expect(await ids(current, {}, 1)).toEqual(["f", "g", "b", "c", "a", "d", "h", "e"]);
  for (const sort of [1, -1] as const)
    expect(await ids(older, {}, sort)).toEqual(await ids(current, {}, sort));
  for (const operand of [10, 9.5, Long.fromNumber(9), Decimal128.fromString("10"), low, "text"])
    for (const operator of ["$eq", "$gt", "$gte", "$lt", "$lte", "$ne"]) {
      const filter = { size: { [operator]: operand } };
      expect([operator, operand, await ids(older, filter)]).toEqual([
        operator,
        operand,
        await ids(current, filter),
      ]);
    }
});
