import { setTimeout as delay } from "node:timers/promises";
import { createStore } from "@everdraft/core";
import type { CommandStartedEvent, MongoClientOptions } from "mongodb";
import { describe, expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { newClient, newDatabase } from "./support/database.ts";

const silent = new Set(["hello", "ping", "endSessions", "listIndexes", "createIndexes", "listCollections"]);
const writes = new Set(["insert", "update", "delete", "findAndModify"]);

/** A store on a client of its own, and the commands that it sends. */
async function watched(options: MongoClientOptions = {}, clock?: () => number) {
  const client = newClient({ ...options, monitorCommands: true });
  const commands: CommandStartedEvent[] = [];
  client.on("commandStarted", (event) => {
    if (!silent.has(event.commandName)) commands.push(event);
  });
  const storage = mongoStorage(newDatabase(client));
  const store = createStore<{ n: number; tags?: string[] }>({
    collection: "orders",
    storage,
    ...(clock && { clock }),
  });
  await store.ready();
  // the sweep of a store that was opened goes on beside
  const quiet = async (): Promise<void> => {
    while (commands.splice(0).length > 0) await delay(200);
  };
  return { store, storage, commands, quiet, take: () => commands.splice(0) };
}

const shown = (commands: readonly CommandStartedEvent[]) =>
  commands.map(({ commandName, command }) => `${commandName} ${command[commandName]}`);

describe("the commands of a store", () => {
  test("a warm edit is an insert and an update, a cold one two reads more", async () => {
    // an hour ago, so that the sweeps of stores that are opened now pass the document by
    const { store, take, quiet, storage } = await watched({}, () => Date.now() - 3_600_000);
    await store.create("o-1", "alice", { n: 1 });
    await quiet();
    await store.edit("o-1", "bob", (draft) => void draft.n++);
    expect(shown(take())).toEqual(["insert orders.events", "update orders"]);
    const between = createStore<{ n: number }>({ collection: "orders", storage });
    await between.sweep();
    const cold = createStore<{ n: number }>({ collection: "orders", storage });
    await cold.ready();
    await quiet();
    await cold.edit("o-1", "carol", (draft) => void draft.n++);
    const sent = shown(take());
    expect(sent.slice(-2)).toEqual(["insert orders.events", "update orders"]);
    expect(sent.slice(0, -2).sort()).toEqual(["find orders", "find orders.events"]);
    expect(await store.get("o-1")).toEqual({ n: 3 });
    await cold.close();
    await between.close();
    await store.close();
  });

  test.each([
    ["as it comes", {}],
    ["that acknowledges nothing and reads anywhere", { w: 0, readPreference: "secondaryPreferred" }],
    [
      "with odd BSON options",
      { ignoreUndefined: true, promoteLongs: true, promoteBuffers: true, useBigInt64: false },
    ],
    [
      "that does not promote values",
      { promoteValues: false, serializeFunctions: true, enableUtf8Validation: false },
    ],
    ["without retries", { retryWrites: false, retryReads: false }],
  ] as const)("on a client %s say their concerns themselves and never change the log", async (_, options) => {
    const { store, commands } = await watched(options);
    await store.create("o-1", "alice", { n: 1, tags: ["a"] });
    for (let n = 0; n < 12; n++) await store.edit("o-1", "bob", (draft) => void draft.n++);
    await store.delete("o-1", "bob");
    await store.restore("o-1", "alice");
    await store.revert("o-1", "carol", { version: 3 });
    expect(await store.stateAt("o-1", { version: 2 })).toEqual({ n: 2, tags: ["a"] });
    expect(await store.find({ n: 3 }).toArray()).toMatchObject([{ id: "o-1", version: 16 }]);
    expect((await store.history("o-1").toArray()).length).toBe(16);
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 16 });

    for (const { command, commandName } of commands) {
      const name = `${commandName} ${command[commandName]}`;
      if (writes.has(commandName)) {
        expect([name, command.writeConcern]).toMatchObject([name, { w: "majority", j: true }]);
        if (String(command[commandName]).endsWith(".events")) expect(commandName).toBe("insert");
      } else if (commandName === "find" || commandName === "aggregate") {
        expect([name, command.readConcern]).toEqual([name, { level: "majority" }]);
        expect(command.$readPreference?.mode ?? "primary").toMatch(/^primary/);
      } else expect(commandName).toMatch(/^(getMore|killCursors)$/);
    }
    await store.close();
  });
});
