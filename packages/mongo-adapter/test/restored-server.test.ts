// A server that was away may have another state of the data afterwards: that of a backup which was put back meanwhile.
import { once } from "node:events";
import { createStore } from "@everdraft/core";
import { workerMongo } from "@everdraft/test-server/vitest";
import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { byHand, newDatabase } from "./support/database.ts";
import { startProxy } from "./support/proxy.ts";
import { watch, watchable } from "./support/watch.ts";

test("a store that lives on while a backup is put back remembers nothing of before, and stores no event behind a hole", async () => {
  const proxy = await startProxy(workerMongo().uri, {});
  const client = watch(new MongoClient(proxy.uri, watchable));
  const raw = byHand(newDatabase());
  const storage = mongoStorage(client.db(raw.databaseName));
  const store = createStore<{ texts: string[] }>({ collection: "orders", storage });
  onTestFinished(async () => {
    await store.close();
    await storage.close();
    await client.close();
    await proxy.stop();
  });
  const add = (text: string) => store.edit("d", "alice", (draft) => void draft.texts.push(text));
  const dumped = () =>
    Promise.all(["orders", "orders.events"].map((name) => raw.collection(name).find().toArray()));
  await store.create("d", "alice", { texts: ["first"] });
  const backup = await dumped();
  await add("second");
  await add("third");

  const lost = once(client, "serverHeartbeatFailed");
  await proxy.down();
  await lost;
  for (const [i, name] of ["orders", "orders.events"].entries()) {
    await raw.collection(name).deleteMany({});
    await raw.collection(name).insertMany(backup[i] ?? []);
  }
  await proxy.up();

  expect(await add("later")).toMatchObject({ version: 2, view: "current" });
  expect(await store.get("d")).toEqual({ texts: ["first", "later"] });
  expect(await store.verify("d")).toMatchObject({ ok: true, version: 2 });
});
