import { argv } from "node:process";
import { createStore } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { type CommandStartedEvent, MongoClient } from "mongodb";
import { changeLine, type Order } from "./documents.ts";
import type { Ran, Run } from "./processes.ts";
import { collection } from "./scratch.ts";

/*
 * A process that edits documents of a store on MongoDB for as long as processes.ts says, and tells how many edits were
 * acknowledged.
 */

const [uri, database, place] = argv.slice(2) as [string, string, string];
const client = new MongoClient(uri, { monitorCommands: true });
const writes = new Set(["insert", "update", "bulkWrite"]);
let commands = 0;
client.on("commandStarted", ({ commandName }: CommandStartedEvent) => {
  if (writes.has(commandName)) commands++;
});
const storage = mongoStorage(client.db(database));
const store = createStore<Order>({ collection, storage });
await store.ready();
await store.sweep();
// no two processes write the same values
let turn = Number(place) * 10_000_000;

process.on("message", async (run: Run) => {
  process.send?.(await editFor(run));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function editFor({ ids, editors, ms }: Run): Promise<Ran> {
  const [start, before] = [performance.now(), commands];
  let [edits, conflicts, next] = [0, 0, 0];
  const lane = async (): Promise<void> => {
    while (performance.now() - start < ms) {
      const id = ids[next++ % ids.length] as string;
      const mine = turn++;
      try {
        await store.edit(id, "bob", (draft) => changeLine(draft, mine), { timeoutMs: 30_000 });
        edits++;
      } catch (error) {
        if ((error as { code?: string }).code !== "conflict") throw error;
        conflicts++;
      }
    }
  };
  await Promise.all(Array.from({ length: editors }, lane));
  return { edits, conflicts, commands: commands - before, ms: performance.now() - start };
}
