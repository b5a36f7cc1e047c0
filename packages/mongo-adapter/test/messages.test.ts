// What a server says may quote the document, so no message of ours holds it.
import type { StoredCollection } from "@everdraft/core/adapter";
import type { Document } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { behindProxy } from "./support/behind-proxy.ts";
import { appendOf, call } from "./support/build.ts";
import { newDatabase } from "./support/database.ts";

let said: { readonly code: number; readonly codeName: string; readonly errmsg: string } | undefined;
const { client, proxy } = behindProxy("a server that quotes documents", {
  refuse: (command: Document) =>
    /^(hello|ismaster|endSessions|ping)$/i.test(Object.keys(command)[0] ?? "") ? undefined : said,
});

const { event, view } = appendOf({ doc: "d" });
const snapshot = { ...event, eventId: event.id, state: {}, digest: "", format: 1 };
const calls: Readonly<Record<string, (of: StoredCollection) => Promise<unknown>>> = {
  commit: async ({ log }) => {
    const [outcome] = await log.commit([{ event, ...(view && { view }) }], "independent", call);
    throw outcome?.event === "unknown" ? outcome.cause : (outcome as { error: unknown }).error;
  },
  read: ({ log }) => log.read("d", { from: 1, to: 9, limit: 9 }, call),
  head: ({ log }) => log.head("d", 0, call),
  byId: ({ log }) => log.byId("d", "x", call),
  documents: ({ log }) => log.documents({ limit: 9 }, call),
  changes: ({ log }) => log.changes({ order: "oldest", limit: 9 }, call),
  get: ({ views }) => views.get(["d"], call),
  write: ({ views }) => views.write(view as NonNullable<typeof view>, "lower", call),
  find: ({ views }) => views.find({ filter: {}, sort: [], limit: 9 }, call),
  count: ({ views }) => views.count({}, call),
  "a snapshot": ({ snapshots }) => snapshots.around("d", { version: 1 }, call),
  "keeping a snapshot": ({ snapshots }) => snapshots.put(snapshot, call),
  "dropping snapshots": ({ snapshots }) => snapshots.drop("d", "all", call),
  "a checkpoint": ({ checkpoints }) => checkpoints.get("x", call),
  "keeping a checkpoint": ({ checkpoints }) => checkpoints.put("x", {}, call),
  "swapping a checkpoint": ({ checkpoints }) => checkpoints.swap("x", { revision: 1 }, call),
  "listing checkpoints": ({ checkpoints }) => checkpoints.list("", { limit: 9 }, call),
  "removing a checkpoint": ({ checkpoints }) => checkpoints.remove("x", call),
  "opening rows": (of) => of.rows("other.v1", [], call),
  "dropping rows": (of) => of.dropRows("other.v1", call),
  facts: (of) => of.facts(call),
};

test.each([
  ["of its own", 33_000_002],
  ["that a table holds", 2],
  ["for what does not fit", 16755],
])("no error of a call quotes what the server says with a code %s", async (_, code) => {
  const storage = mongoStorage(client().db(newDatabase().databaseName));
  onTestFinished(() => storage.close());
  const collection = await storage.open("things", call);
  const rows = await collection.rows("lines.v1", [], call);
  const all: typeof calls = {
    ...calls,
    "opening a collection": () => storage.open("others", call),
    collections: () => storage.collections?.(call) as Promise<unknown>,
    "writing rows": () => rows.write({ doc: "d", version: 1, rows: [{}] }, "lower", call),
    "writing rows of several": () =>
      rows.writeMany?.([{ doc: "d", version: 1, rows: [{}] }], call) as Promise<unknown>,
    "reading rows": () => rows.get(["d"], call),
    "finding rows": () => rows.find({ filter: {}, sort: [], limit: 9 }, call),
    "counting rows": () => rows.count({}, call),
  };
  said = { code, codeName: "Location1", errmsg: "not { _id: 'd', mail: 'secret' }" };
  const told: unknown[] = [];
  for (const [name, attempt] of Object.entries(all)) {
    const thrown = await attempt(collection).then(
      () => "no error",
      (error: unknown) => error,
    );
    const { message } = thrown as Error;
    if (!message?.includes(`code ${code}`) || message.includes("secret"))
      told.push([name, message ?? thrown]);
    // whoever may see the document finds all of it
    else expect(String((thrown as Error).cause)).toMatch(/secret/);
  }
  said = undefined;
  expect(told).toEqual([]);
  expect(proxy().refused.size).toBeGreaterThan(8);
});
