import { createStore } from "@everdraft/core";
import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { behindProxy } from "./support/behind-proxy.ts";
import { call } from "./support/build.ts";
import { least } from "./support/manners.ts";
import { describeSetUp } from "./support/prove.ts";
import { hasTransactions } from "./support/transactions.ts";

// as the makers of such servers tell their users to connect
const { fixture, client, proxy } = behindProxy("mongodb, the least of it", least, { retryWrites: false });

describeSetUp(fixture, [
  ...["append", "chains", "slots and conflicts", "views", "views over known ones", "reopening"],
  ...["what a write answers", "idempotency keys", "life and death", "several writers", "finding documents"],
]);

test("a server without transactions and change streams is asked for none of them", () => {
  expect(proxy().seen).toContain("insert");
  // by its version it has the command; other-servers.test.ts tells how often it is asked
  expect([...proxy().refused].filter((name) => name !== "bulkWrite")).toEqual([]);
});

test.skipIf(!hasTransactions)(
  "atomicViews are refused by what a transaction comes to, whatever the server says of itself",
  async () => {
    const storage = mongoStorage(client().db("least"), { atomicViews: true });
    await expect(storage.open("orders", call)).rejects.toMatchObject({
      code: "options",
      details: { option: "atomicViews", reason: expect.stringMatching(/refused a transaction/) },
    });
    expect(proxy().refused).toContain("insert");
    await storage.close();
  },
);

test.skipIf(!hasTransactions)(
  "writes of a client that retries them are refused with the option that it needs",
  async () => {
    const retrying = new MongoClient(proxy().uri);
    onTestFinished(() => retrying.close());
    const storage = mongoStorage(retrying.db("least-retrying"));
    const store = createStore({ collection: "orders", storage });
    await expect(store.create("o-1", "alice", {})).rejects.toMatchObject({
      code: "storage",
      message: expect.stringMatching(/retryWrites=false/),
    });
    expect(await store.history("o-1").toArray()).toEqual([]);
    await store.close();
    await storage.close();
  },
);
