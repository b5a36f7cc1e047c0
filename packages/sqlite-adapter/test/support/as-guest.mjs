// node as-guest.mjs FILE BACKUP: uses a file as a user who may not write to it, which root always may. Prints a line of
// JSON with what became of each call.
import { getuid, setuid } from "node:process";
import { createStore, defineProjection } from "@everdraft/core";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

const nobody = 65_534;
// the engine is loaded by who may read it
const warm = sqliteStorage(":memory:");
await warm.open("c", { timeoutMs: 5_000 });
await warm.close();
if (getuid() === 0) setuid(nobody);

const [path, backup] = process.argv.slice(2);
const lines = defineProjection({ name: "lines", version: 1, rows: ({ n }) => [{ n }] });
const storage = sqliteStorage(path);
const store = createStore({ collection: "orders", storage, projections: [lines] });
const told = {};
const tell = async (name, use) => {
  try {
    told[name] = (await use()) ?? null;
  } catch (error) {
    told[name] = error.code ?? String(error);
  }
};
await tell("get", () => store.get("d"));
await tell("history", async () => (await store.history("d").toArray()).length);
await tell("find", async () => (await store.find({ n: 2 }).toArray()).length);
await tell("rows", async () => (await store.rows(lines).find({}).toArray()).length);
await tell("verify", async () => (await store.verify("d")).ok);
await tell("verifyAll", async () => (await verify(store)).documents);
await tell("rebuild", async () => (await rebuild(store, { projection: "view" })).complete);
await tell("collections", async () => (await storage.collections({ timeoutMs: 5_000 })).join());
await tell("backup", async () => (await storage.backup(backup)).collections.join());
await tell("edit", () => store.edit("d", "me", (draft) => void draft.n++));
await tell("other", () => createStore({ collection: "customers", storage }).ready());
await store.close().catch(() => {});
await storage.close().catch(() => {});
process.stdout.write(`${JSON.stringify(told)}\n`);
