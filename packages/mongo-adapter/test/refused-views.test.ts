// A document that the user's own index cannot take: it is told of, and nothing else waits for it.
import { createStore, defineProjection, type Notice, type Store } from "@everdraft/core";
import { rebuild } from "@everdraft/core/upkeep";
import type { Db, Document } from "mongodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { behindProxy } from "./support/behind-proxy.ts";
import { call } from "./support/build.ts";
import { lastFails, lastWrite } from "./support/bulk-command.ts";
import { byHand, newDatabase } from "./support/database.ts";
import { hasTransactions } from "./support/transactions.ts";

interface Thing {
  n?: number;
  loc?: unknown;
  a?: readonly number[];
  b?: readonly number[];
}

function storeOn(db: Db, options: { readonly atomicViews?: boolean } = {}) {
  const notices: Notice[] = [];
  const storage = mongoStorage(db, options);
  const store = createStore<Thing>({ collection: "things", storage, onNotice: (one) => notices.push(one) });
  onTestFinished(async () => {
    await store.close();
    await storage.close();
  });
  return { store, notices };
}

describe("a document that an index of the user's own cannot take", () => {
  test("keeps nobody from reading, and is told with the index", async () => {
    const db = newDatabase();
    await byHand(db).collection("things").createIndex({ loc: "2dsphere" });
    const { store, notices } = storeOn(db);
    await store.create("g", "alice", { n: 1 });
    const { view } = await store.create("x", "alice", { loc: "nowhere, secretly" });
    expect(view).toBe("refused");
    expect(await store.find({ n: 1 }).toArray()).toHaveLength(1);
    expect(await store.count({ n: 1 })).toBe(1);
    expect(await store.get("x")).toBeUndefined();
    expect((await store.read("x"))?.state).toEqual({ loc: "nowhere, secretly" });
    const [notice] = notices.filter(({ type }) => type === "view-refused");
    const told = /its index "loc_2dsphere" takes only GeoJSON or a pair of coordinates.*drop the index/is;
    expect(notice).toMatchObject({ id: "x", version: 1, cause: { message: expect.stringMatching(told) } });
    await expect(store.repair("x")).rejects.toMatchObject({
      code: "constraint",
      details: { id: "x" },
      message: expect.not.stringMatching(/secretly/),
    });
    expect(await rebuild(store, { projection: "view" })).toMatchObject({ complete: true, failures: 1 });
    await store.sweep();
    // an edit that makes it fit writes its view
    const edited = await store.edit("x", "bob", (draft) => {
      draft.loc = [1, 2];
    });
    expect(edited.view).toBe("current");
    expect(await store.get("x")).toEqual({ loc: [1, 2] });
  });

  test.skipIf(!hasTransactions)(
    "is refused with atomicViews at once, and nothing of it is stored",
    async () => {
      const db = newDatabase();
      await byHand(db).collection("things").createIndex({ loc: "2dsphere" });
      const { store, notices } = storeOn(db, { atomicViews: true });
      await store.create("g", "alice", { n: 1 });
      const refused = await store.create("x", "alice", { loc: "nowhere, secretly" }).catch((error) => error);
      expect(refused).toMatchObject({
        code: "constraint",
        details: { id: "x" },
        message: expect.stringMatching(/its index "loc_2dsphere" takes only GeoJSON/),
      });
      expect(refused.message).not.toMatch(/secretly/);
      expect(notices.map(({ type }) => type)).not.toContain("resend");
      expect(await store.history("x").toArray()).toEqual([]);
    },
  );
});

/** The collection that a command inserts into or updates. */
const writtenTo = ({ update, insert }: Document): string | undefined => update ?? insert;

/** What a server answers within transactions, where it is to answer by itself. */
let within: (command: Document) => Document | undefined = () => undefined;
const transactions = behindProxy("a server that refuses within transactions", {
  answer: (command) => (command.autocommit === false ? within(command) : undefined),
});

describe.skipIf(!hasTransactions)("with atomicViews, an error before the commit is sent", () => {
  const own = { code: 33_000_001, errmsg: "refuse me" };
  test.each([
    ["of the event", "storage", { ok: 0, ...own }, "things.events"],
    [
      "of the event, as one of several",
      "storage",
      { ok: 1, n: 0, writeErrors: [{ index: 0, ...own }] },
      "things.events",
    ],
    ["of the view", "constraint", { ok: 0, ...own }, "things"],
    [
      "of the view, as one of several",
      "constraint",
      { ok: 1, n: 0, writeErrors: [{ index: 0, ...own }] },
      "things",
    ],
  ])("%s is a refusal, whatever its code", async (_, code, said, name) => {
    const db = transactions.client().db(newDatabase().databaseName);
    const { store, notices } = storeOn(db, { atomicViews: true });
    await store.create("g", "alice", { n: 1 });
    within = (command) => (writtenTo(command) === name ? said : undefined);
    const refused = await store.create("x", "alice", { loc: "refuse me" }).catch((error) => error);
    within = () => undefined;
    expect(refused).toMatchObject({ code, message: expect.stringMatching(/code 33000001/) });
    expect(refused.message).not.toMatch(/refuse me/);
    expect(notices.map(({ type }) => type)).not.toContain("resend");
    expect(await store.history("x").toArray()).toEqual([]);
  });

  test("that passes costs another try, and all is stored", async () => {
    const db = transactions.client().db(newDatabase().databaseName);
    const { store } = storeOn(db, { atomicViews: true });
    await store.create("g", "alice", { n: 1 });
    let left = 3;
    within = (command) =>
      writtenTo(command) === "things" && left-- > 0 ? { ok: 0, code: 251, errmsg: "taken back" } : undefined;
    expect(await store.create("x", "alice", { n: 2 })).toMatchObject({ view: "current" });
    expect(left).toBe(-1);
  });
});

/** What the server behind this one answers to writes of things and of their rows, where it is to answer at all. */
let answer: (command: Document) => Document | undefined = () => undefined;
let asked = 0;
const { client } = behindProxy("a server that refuses", {
  answer: (command) => {
    if (!/^things$|\.rows\.byN\.v1$/.test(writtenTo(command) ?? "")) return undefined;
    const all: readonly Document[] = command.updates ?? command.documents;
    const places = [...all.keys()].filter((i) => JSON.stringify(all[i]).includes("refuse me"));
    if (places.length === 0) return undefined;
    const said = answer(command);
    if (said === undefined) return undefined;
    asked++;
    const writeErrors = places.map((index) => ({ index, ...said }));
    return { ok: 1, n: 0, nModified: 0, writeErrors };
  },
  instead: (command) => {
    const last = lastWrite(command);
    if (last === undefined || !JSON.stringify(last.content).includes("refuse me")) return undefined;
    const said = answer({ update: last.collection });
    if (said === undefined) return undefined;
    asked++;
    return lastFails(command, { code: said.code, errmsg: said.errmsg });
  },
});

describe("a write of a view that the server answers", () => {
  const opened = async () => {
    const made = storeOn(client().db(newDatabase().databaseName));
    // the sweep of a store that opens goes on beside, and would try a view once more
    await made.store.sweep();
    asked = 0;
    return made;
  };
  const create = (store: Store<Thing>) => store.create("x", "alice", { loc: "refuse me" });

  test.each([
    [16755, "Can't extract geo keys: { _id: 'x', loc: 'refuse me' }  Point must be an array or object"],
    [16766, "hashed indexes do not currently support array values. Found array at path: loc"],
    [17261, "found language override field in document with non-string type"],
    [17262, "language override unsupported: refuse me"],
    [171, "cannot index parallel arrays [b] [a]"],
    [121, "Document failed validation"],
    [52, "The dollar ($) prefixed field '$schema' in '$schema' is not valid for storage."],
  ])("with code %i is refused at its first answer", async (code, errmsg) => {
    const { store, notices } = await opened();
    answer = () => ({ code, errmsg });
    expect((await create(store)).view).toBe("refused");
    expect(asked).toBe(1);
    const [notice] = notices.filter(({ type }) => type === "view-refused");
    expect(notice).toMatchObject({ cause: { message: expect.stringContaining(`code ${code}`) } });
    expect((notice as { cause: Error }).cause.message).not.toMatch(/refuse me/);
    expect(await store.find({}).toArray()).toEqual([]);
  });

  test.each([24, 50, 64, 91, 112, 189, 251, 10107, 11600, 11602, 13435, 13436, 14031, 16908292])(
    "with code %i, which passes, is behind, and tried again until it is written",
    async (code) => {
      const { store } = await opened();
      answer = () => ({ code, errmsg: "not now" });
      const { view } = await create(store);
      answer = () => undefined;
      expect(view).toBe("behind");
      expect(await store.get("x")).toEqual({ loc: "refuse me" });
    },
  );

  test("with a code that nobody knows is tried again at once, and written where it passes", async () => {
    const { store } = await opened();
    answer = () => (asked < 3 ? { code: 33_000_001, errmsg: "of this server's own" } : undefined);
    expect((await create(store)).view).toBe("current");
    expect(asked).toBe(3);
  });

  test("eight times with a code that nobody knows is refused", async () => {
    const { store, notices } = await opened();
    answer = () => ({ code: 33_000_001, errmsg: "of this server's own: refuse me" });
    expect((await create(store)).view).toBe("refused");
    expect(asked).toBe(8);
    const [notice] = notices.filter(({ type }) => type === "view-refused");
    expect(notice).toMatchObject({ cause: { message: expect.stringMatching(/code 33000001/) } });
  });
});

describe("rows that the server refuses", () => {
  const byN = defineProjection({
    name: "byN",
    version: 1,
    rows: (thing: Thing) => [{ text: String(thing.loc), n: thing.n ?? 0 }],
    indexes: [{ keys: { a: 1, b: 1 } }],
  });

  test.each([
    ["at its first answer, by a code that is known", 171, 1, /index "a_1_b_1" takes one list at most/],
    ["after the same answer eight times", 33_000_001, 8, /code 33000001/],
  ])("are told as refused %s", async (_, code, times, reason) => {
    answer = (command) => (writtenTo(command) === "things" ? undefined : { code, errmsg: "refuse me" });
    const storage = mongoStorage(client().db(newDatabase().databaseName));
    onTestFinished(() => storage.close());
    const rows = await (await storage.open("things", call)).rows("byN.v1", byN.indexes ?? [], call);
    asked = 0;
    const set = { doc: "x", version: 1, rows: [{ text: "refuse me" }] };
    expect(await rows.write(set, "lower", call)).toBe("refused");
    expect(asked).toBe(times);
    expect(await rows.refusal?.("x", call)).toMatchObject({ reason: expect.stringMatching(reason) });
    expect(
      await rows.writeMany?.(
        [
          { ...set, version: 2 },
          { ...set, doc: "y", rows: [] },
        ],
        call,
      ),
    ).toEqual(["refused", "current"]);
    answer = () => undefined;
    expect(await rows.write({ ...set, version: 3 }, "lower", call)).toBe("current");
    expect(await rows.refusal?.("x", call)).toBeUndefined();
  });

  test("keep nobody from reading, and are told as a failure of their projection", async () => {
    answer = (command) => (writtenTo(command) === "things" ? undefined : { code: 171, errmsg: "refuse me" });
    const notices: Notice[] = [];
    const storage = mongoStorage(client().db(newDatabase().databaseName));
    const store = createStore<Thing>({
      collection: "things",
      storage,
      projections: [byN],
      onNotice: (one) => notices.push(one),
    });
    onTestFinished(async () => {
      await store.close();
      await storage.close();
    });
    const { view } = await store.create("x", "alice", { loc: "refuse me" });
    expect(view).toBe("current");
    expect(await store.get("x")).toEqual({ loc: "refuse me" });
    const [notice] = notices.filter(({ type }) => type === "projection-failed");
    const reason = /index "a_1_b_1" takes one list at most/;
    expect(notice).toMatchObject({ id: "x", cause: { message: expect.stringMatching(reason) } });
    expect((notice as { cause: Error }).cause.message).not.toMatch(/refuse me/);
  });
});
