import { randomBytes } from "node:crypto";
import { createStore, type ErrorCode, EverdraftError, IndeterminateError, type Store } from "@everdraft/core";
import { type Db, MongoClient, type MongoClientOptions, ReadConcern } from "mongodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { failingServer } from "./support/own-server.ts";

interface Note {
  n: number;
  blob?: string;
}

/** What a row works on: a document in its second version, and what may be done to its server. */
interface Scene {
  readonly store: Store<Note>;
  /** Its database, on the client of the store. */
  readonly db: Db;
  /** The same database, on a client of somebody else. */
  readonly byHand: Db;
  /** Another store on that database, or on another one, which opens at its first call. */
  other(db?: Db, collection?: string): Store<Note>;
}

interface Row {
  readonly title: string;
  /** The code of its error, or either of two; "success" where nothing of it is to be seen. */
  readonly gives: ErrorCode | "success" | "indeterminate or storage";
  /** What the message says that helps. */
  readonly remedy?: RegExp;
  readonly options?: MongoClientOptions;
  readonly provoke: (scene: Scene) => Promise<unknown>;
}

const { server, fail, mend, apart, client, byHand } = failingServer();
const edit = (store: Store<Note>, timeoutMs = 10_000): Promise<unknown> =>
  store.edit("o-1", "bob", (draft) => void draft.n++, { timeoutMs });
/** Time enough to send an event, however busy the machine is, and not to wait for ever: milliseconds. */
const timeIsUp = 3_000;
const notReplicated = { code: 64, errmsg: "waiting for replication timed out" };
/** Another index where that of the slots has to be. */
async function spoilt({ byHand, other }: Scene, options: object): Promise<unknown> {
  await byHand.collection("spoilt.events").createIndex({ doc: 1, version: 1 }, { ...options, name: "mine" });
  return other(undefined, "spoilt").create("s-1", "bob", { n: 1 });
}

const rows: readonly Row[] = [
  {
    title: "a server that is away when the store opens",
    gives: "storage",
    remedy: /Look whether MongoDB runs and can be reached/,
    provoke: async ({ other }) => {
      const nowhere = new MongoClient("mongodb://127.0.0.1:9/?directConnection=true", {
        serverSelectionTimeoutMS: 300,
      });
      onTestFinished(() => nowhere.close());
      return other(nowhere.db("x")).get("o-1");
    },
  },
  {
    title: "a server that goes away before a read",
    gives: "storage",
    remedy: /Look whether MongoDB runs and can be reached/,
    options: { serverSelectionTimeoutMS: 300 },
    provoke: async ({ store }) => {
      await server().kill();
      return store.get("o-1").finally(() => server().start());
    },
  },
  {
    title: "a server that goes away before a write and does not come back in time",
    // a client that has noticed the outage reads before it sends anything
    gives: "indeterminate or storage",
    remedy: /Ask resolve|Look whether MongoDB runs and can be reached/,
    options: { serverSelectionTimeoutMS: 300 },
    provoke: async ({ store }) => {
      await server().kill();
      return edit(store, timeIsUp).finally(() => server().start());
    },
  },
  {
    title: "a server that goes away before a write and comes back in time",
    gives: "success",
    options: { serverSelectionTimeoutMS: 10_000 },
    provoke: async ({ store }) => {
      await server().kill();
      const [edited] = await Promise.all([edit(store, 60_000), server().start()]);
      return edited;
    },
  },
  {
    title: "an answer to a read that does not come in time",
    gives: "timeout",
    remedy: /more timeoutMs/,
    options: { retryReads: false },
    provoke: async ({ store }) => {
      await fail({ failCommands: ["find"], blockConnection: true, blockTimeMS: 2_000 });
      return store.get("o-1", { timeoutMs: 300 });
    },
  },
  {
    title: "an answer to a write that does not come in time",
    gives: "indeterminate",
    remedy: /Ask resolve/,
    provoke: async ({ store }) => {
      await fail({ failCommands: ["insert", "bulkWrite"], blockConnection: true, blockTimeMS: 2 * timeIsUp });
      return edit(store, timeIsUp);
    },
  },
  {
    title: "a primary that steps down before a read, for good",
    gives: "storage",
    remedy: /A replica set has another one in seconds/,
    provoke: async ({ store }) => {
      await fail({ failCommands: ["find"], errorCode: 10107 });
      return store.get("o-1");
    },
  },
  {
    title: "a primary that steps down before a write, for good",
    gives: "indeterminate",
    remedy: /Ask resolve/,
    provoke: async ({ store }) => {
      await fail({ failCommands: ["insert", "bulkWrite"], errorCode: 189 });
      return edit(store, timeIsUp);
    },
  },
  {
    title: "a primary that steps down before a write, until there is another",
    gives: "success",
    provoke: async ({ store }) => {
      await fail({ failCommands: ["insert", "bulkWrite"], errorCode: 189 }, { times: 3 });
      return edit(store, 60_000);
    },
  },
  {
    title: "a write concern that fails after the event is stored",
    gives: "success",
    provoke: async ({ store }) => {
      await fail({ failCommands: ["insert", "bulkWrite"], writeConcernError: notReplicated });
      return edit(store);
    },
  },
  {
    title: "a write concern that fails after the view is stored",
    gives: "success",
    provoke: async ({ store }) => {
      await fail({ failCommands: ["update", "bulkWrite"], writeConcernError: notReplicated }, { times: 3 });
      return edit(store);
    },
  },
  {
    title: "a connection that is closed after the event was sent, each time",
    gives: "indeterminate",
    remedy: /Ask resolve/,
    provoke: async ({ store }) => {
      await fail({ failCommands: ["insert", "bulkWrite"], closeConnection: true });
      return edit(store, timeIsUp);
    },
  },
  {
    title: "a connection that is closed after the event was sent, a few times",
    gives: "success",
    provoke: async ({ store }) => {
      await fail({ failCommands: ["insert", "bulkWrite"], closeConnection: true }, { times: 3 });
      return edit(store, 60_000);
    },
  },
  {
    title: "a server that does not take an event and its view as one command",
    gives: "success",
    provoke: async ({ store }) => {
      await fail({ failCommands: ["bulkWrite"], errorCode: 59 });
      return edit(store);
    },
  },
  {
    title: "a command of an event and its view that is refused by a code that nobody knows",
    gives: "success",
    provoke: async ({ store }) => {
      await fail({ failCommands: ["bulkWrite"], errorCode: 33_000_001 });
      return edit(store);
    },
  },
  {
    title: "a user who may not write",
    gives: "storage_read_only",
    remedy: /the role readWrite/,
    provoke: async ({ store }) => {
      await fail({ failCommands: ["insert", "bulkWrite"], errorCode: 13 });
      return edit(store);
    },
  },
  {
    title: "a user who may not make indexes",
    gives: "storage",
    remedy: /Hand this to who may: db\.getCollection\("else\.(events|snapshots)"\)\.createIndex\(/,
    provoke: async ({ other }) => {
      await fail({ failCommands: ["createIndexes"], errorCode: 13 });
      return other(undefined, "else").get("o-1");
    },
  },
  {
    title: "the index of the slots, lost while the store is open",
    gives: "storage_corrupt",
    remedy: /See with verify whether any slot is doubled.*createIndex/s,
    provoke: async ({ store, db, byHand }) => {
      await byHand.collection("orders.events").dropIndex("doc_1_version_1");
      // as a driver tells of a server that it lost
      db.client.emit("connectionPoolCleared", {} as never);
      return edit(store).finally(() =>
        byHand.collection("orders.events").createIndex({ doc: 1, version: 1 }, { unique: true }),
      );
    },
  },
  ...[
    ["not unique", {}],
    ["partial", { unique: true, partialFilterExpression: { by: "x" } }],
    ["sparse", { unique: true, sparse: true }],
    ["with a collation", { unique: true, collation: { locale: "en", strength: 2 } }],
  ].map(
    ([what, options]): Row => ({
      title: `an index of the slots that is ${what}`,
      gives: "storage_corrupt",
      remedy: /drop what is there instead, then: db\.getCollection\("spoilt\.events"\)\.createIndex\(/,
      provoke: (scene) => spoilt(scene, options as object),
    }),
  ),
  {
    title: "a unique index on the documents",
    gives: "options",
    remedy: /Take that away, or open the storage with atomicViews/,
    provoke: async ({ byHand, other }) => {
      await byHand.collection("people").createIndex({ mail: 1 }, { unique: true });
      return other(undefined, "people").get("o-1");
    },
  },
  {
    title: "a validator on the documents",
    gives: "options",
    remedy: /Take that away, or open the storage with atomicViews/,
    provoke: async ({ byHand, other }) => {
      await byHand.createCollection("people", { validator: { a: 1 } });
      return other(undefined, "people").get("o-1");
    },
  },
  {
    title: "a client that acknowledges no write, reads anywhere and promotes and drops values",
    gives: "success",
    options: {
      w: 0,
      readPreference: "nearest",
      promoteValues: false,
      promoteLongs: true,
      ignoreUndefined: true,
    },
    provoke: ({ store }) => edit(store),
  },
  {
    title: "a database whose own options are odd",
    gives: "success",
    provoke: async ({ db, other }) => {
      const odd = { writeConcern: { w: 0 }, readConcern: new ReadConcern("local"), promoteValues: false };
      return edit(other(db.client.db(db.databaseName, odd)));
    },
  },
  {
    title: "a collection of a name that cannot be",
    gives: "options",
    remedy: /Give the collection another name/,
    provoke: ({ other }) => other(undefined, "a$b").get("o-1"),
  },
  {
    title: "a state of 16 MB",
    gives: "too_large",
    remedy: /Store large parts elsewhere/,
    provoke: ({ store }) =>
      store.edit("o-1", "bob", (draft) => {
        draft.blob = "x".repeat(16 * 1024 * 1024);
      }),
  },
  {
    title: "an id of the wrong kind",
    gives: "id",
    remedy: /\./,
    provoke: ({ store }) => store.get({ $gt: "" } as never),
  },
  {
    title: "a filter with $where",
    gives: "filter",
    remedy: /\./,
    provoke: ({ store }) => store.find({ $where: "true" } as never).toArray(),
  },
  {
    title: "a client that its owner closed, before a read",
    gives: "closed",
    remedy: /Connect it again, or hand in another/,
    provoke: async ({ store, db }) => {
      await db.client.close();
      return store.get("o-1");
    },
  },
  {
    title: "a client that its owner closed, before a write",
    gives: "closed",
    remedy: /Connect it again, or hand in another/,
    provoke: async ({ store, db }) => {
      await db.client.close();
      return edit(store, 2_000);
    },
  },
];

describe.each([
  { retryWrites: true, sent: "as one command" },
  { retryWrites: true, sent: "apart" },
  { retryWrites: false, sent: "apart" },
])("with retryWrites: $retryWrites, and events and views sent $sent,", ({ retryWrites, sent }) => {
  test.each(rows)("$title: $gives", async ({ gives, remedy, options, provoke }) => {
    const name = `faults-${randomBytes(6).toString("hex")}`;
    const storeOn = (db: Db, collection: string): Store<Note> => {
      const storage = mongoStorage(db);
      const store = createStore<Note>({ collection, storage });
      onTestFinished(async () => {
        await store.close();
        await storage.close();
      });
      return store;
    };
    const db = client({ retryWrites, ...options }).db(name);
    const store = storeOn(db, "orders");
    await store.create("o-1", "alice", { n: 1 });
    if (sent === "apart") await apart(() => edit(store));
    else await edit(store);
    await store.sweep();

    const scene: Scene = {
      store,
      db,
      byHand: byHand().db(name),
      other: (of = db, called = "orders") => storeOn(of, called),
    };
    const outcome = await provoke(scene).then(
      () => "success",
      (error: unknown) => error,
    );
    await mend();
    if (gives === "success") expect(outcome).toBe("success");
    else expectError(outcome, gives, remedy as RegExp);

    const later = storeOn(client().db(name), "orders");
    // what is still on its way is to arrive before the log is looked at, or never
    if (outcome instanceof IndeterminateError) {
      const { eventId, version } = outcome.details;
      await later.resolve("o-1", { eventId, version }, { settle: "test", timeoutMs: 60_000 });
    }
    // whatever it was: the log is dense, and the view comes to where it is
    const { state } = (await later.read("o-1")) ?? {};
    const { ok, version } = await later.verify("o-1");
    expect(ok).toBe(true);
    expect(await later.get("o-1")).toEqual(state);
    expect(await later.edit("o-1", "carol", (draft) => void draft.n++)).toMatchObject({
      version: version + 1,
      view: "current",
    });
    const events = await later.history("o-1", { order: "oldest", blanks: true }).toArray();
    expect(events.map((event) => event.version)).toEqual(
      Array.from({ length: version + 1 }, (_, i) => i + 1),
    );
  });
});

function expectError(thrown: unknown, codes: string, remedy: RegExp): void {
  if (!(thrown instanceof EverdraftError))
    throw new Error(`Expected ${codes}, found ${String(thrown)}.`, { cause: thrown });
  expect(codes.split(" or ")).toContain(thrown.code);
  expect(thrown.message).toMatch(/^\S/);
  expect(thrown.message).toMatch(remedy);
  expect(thrown.message).toMatch(/\.$|\)$/);
}

test("no two rows have one title", () => {
  expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length);
});
