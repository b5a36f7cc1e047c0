import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { workerMongo } from "@everdraft/test-server/vitest";
import { type Db, type Document, type FindCursor, MongoClient } from "mongodb";
import { expect, onTestFinished, test, vi } from "vitest";
import { keepOrders } from "../src/orders.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** The result of a query that is typed into a shell: `db` is all that it needs of one. */
function typed(db: Db, file: string): FindCursor {
  const shell = {
    getCollection: (name: string) => ({
      find: (filter: Document, projection: Document) => db.collection(name).find(filter, { projection }),
    }),
  };
  return runInNewContext(readFileSync(join(import.meta.dirname, "..", "src", file), "utf8"), { db: shell });
}

test("orders are written through the store, aggregated by the driver, and their events read in a shell", async () => {
  const client = new MongoClient(workerMongo().uri);
  const db = client.db(`everdraft-example-${randomBytes(6).toString("hex")}`);
  onTestFinished(async () => {
    await db.dropDatabase();
    await client.close();
  });
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  onTestFinished(() => log.mockRestore());

  expect(await keepOrders(db)).toEqual([
    { _id: "A", qty: 3 },
    { _id: "B", qty: 3 },
  ]);
  expect(log.mock.calls.at(-1)).toEqual([{ customer: "c-7", status: "open", lines: [{ sku: "A", qty: 1 }] }]);
  expect(await db.collection<{ _id: string }>("orders").findOne({ _id: "o-1" })).toMatchObject({
    customer: "c-7",
    status: "paid",
    lines: [
      { sku: "A", qty: 1 },
      { sku: "A", qty: 2 },
    ],
    _everdraft: { version: 3, by: "carol" },
  });
  const events = await typed(db, "history.mongosh.js").toArray();
  expect(events).toMatchObject([
    { version: 1, by: "alice" },
    { version: 2, by: "bob", reason: "phone order", patches: [{ op: "add", path: ["lines", 1] }] },
    { version: 3, by: "carol", patches: [{ op: "replace", path: ["status"], value: "paid" }] },
  ]);
  expect(Object.keys(events[0] ?? {})).toEqual(["version", "at", "by", "patches"]);
});
