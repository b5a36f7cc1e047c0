import { randomBytes } from "node:crypto";
import { createStore } from "@everdraft/core";
import { workerMongo } from "@everdraft/test-server/vitest";
import { type Document, MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { noCommand } from "./support/manners.ts";
import { startProxy } from "./support/proxy.ts";
import { watch, watchable } from "./support/watch.ts";
import "./support/time-limits.ts";

interface Log {
  readonly tokens: readonly string[];
}

const isEvent = ({ insert }: Document): boolean => insert === "logs.events";
const isBoth = (command: Document): boolean => "bulkWrite" in command;
const isView = ({ update, insert }: Document): boolean => update === "logs" || insert === "logs";

test.each([
  ["of events, retried by the driver", isEvent, true],
  ["of events", isEvent, false],
  ["of views, retried by the driver", isView, true],
  ["of views", isView, false],
  ...(workerMongo().abilities.bulkCommand
    ? ([["of events and their views in one command", isBoth, true]] as const)
    : []),
] as const)(
  "answers %s that are lost after the write was done double nothing",
  async (_, isLost, retryWrites) => {
    let seen = 0;
    // every other one, so that each act meets one
    const proxy = await startProxy(workerMongo().uri, {
      // a server that has no such command is sent the event and its view one after the other
      refuse: (command) => (isBoth(command) && isLost !== isBoth ? noCommand("bulkWrite") : undefined),
      losesReply: (command) => isLost(command) && seen++ % 2 === 0,
    });
    const client = watch(new MongoClient(proxy.uri, { retryWrites, ...watchable }));
    const db = client.db(`everdraft-${randomBytes(6).toString("hex")}`);
    const storage = mongoStorage(db);
    const store = createStore<Log>({ collection: "logs", storage });
    onTestFinished(async () => {
      await store.close();
      await storage.close();
      if (workerMongo().stays) await db.dropDatabase();
      await client.close();
      await proxy.stop();
    });
    const tokens = Array.from({ length: 8 }, (_, i) => `t-${i}`);
    const timeoutMs = 60_000;
    await store.create("a", "alice", { tokens: [] }, { timeoutMs });
    for (const token of tokens) {
      const edited = await store.edit("a", "bob", (draft) => void (draft.tokens as string[]).push(token), {
        timeoutMs,
      });
      expect(edited.state.tokens.at(-1)).toBe(token);
    }
    expect(await store.read("a")).toMatchObject({ version: tokens.length + 1, state: { tokens } });
    expect(await store.get("a")).toEqual({ tokens });
    expect(await store.verify("a")).toMatchObject({ ok: true, version: tokens.length + 1 });
    expect(seen).toBeGreaterThan(tokens.length);
  },
);
