import type { StoredCollection } from "@everdraft/core/adapter";
import { checkFilter, snapshotOf } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { eventOf } from "../build/event-of.ts";
import { foldOf } from "../build/fold-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { rendezvous } from "../rendezvous.ts";
import { at, call, collectionName, expectExact, type PortSection, store, versions } from "./bench.ts";
import { expectFilled, fill } from "./filled-collection.ts";
import { section } from "./section.ts";

const nastyNames = [
  ...[
    "kit",
    "Kit",
    "KIT",
    "orders",
    "orders.events",
    "orders.snapshots",
    "events",
    "a b",
    "ü",
    "u\u0308",
    "$cmd",
    "a$b",
  ],
  ...[
    "system.users",
    "sqlite_master",
    'quo"te',
    "quo'te",
    "a;drop table kit",
    "a.b",
    "a..b",
    ".a",
    "a.",
    "-",
    "_",
    "1",
    "%",
    "日本",
  ],
  ...["constructor", "__proto__", "n".repeat(100), `${"n".repeat(99)}m`, "n".repeat(1_000)],
];

/** How a storage and its collections are opened and closed. */
export const lifecycle: PortSection = section("lifecycle", {
  "is closed at the end of an await using": async (bench) => {
    {
      await using storage = bench.storage;
      await storage.open(collectionName, call);
    }
    await expect(bench.storage.open(collectionName, call)).rejects.toMatchObject({ code: "closed" });
  },

  "gives the same data to every opening of a collection": async (bench) => {
    const again = await bench.storage.open(collectionName, call);
    const chain = chainOf("a", 2);
    await store(bench, appendsOf(chain), "chain");
    expect(await versions(again, "a")).toEqual([1, 2]);
    await store(again, [{ event: eventOf({ doc: "b" }) }]);
    expect(await bench.log.documents({ limit: 10 }, call)).toEqual(["a", "b"]);
    expectExact(await again.views.get(["a"], call), [chain.views[1]], bench.types);
  },

  "opens one collection for many callers at once": async (bench) => {
    const raced = await rendezvous(
      Array.from({ length: 8 }, () => () => bench.storage.open("at once", call)),
    );
    const opened = raced.map((one) => {
      if ("error" in one) throw one.error;
      return one.value;
    });
    for (const [i, collection] of opened.entries())
      await store(collection, [{ event: eventOf({ doc: `d${i}` }) }]);
    for (const { log } of opened) expect(await log.documents({ limit: 10 }, call)).toHaveLength(8);
  },

  "names the collections that it keeps, where it can tell, and makes none by being asked": async ({
    storage,
  }) => {
    if (storage.collections === undefined) return;
    const before = await storage.collections(call);
    expect(before).toContain(collectionName);
    expect(before).not.toContain("listed");
    await storage.open("listed", call);
    expect(await storage.collections(call)).toEqual([...before, "listed"].sort());
  },

  "keeps two collections apart, in everything that they hold": async (bench) => {
    const other = await bench.storage.open("other", call);
    const [mine, theirs] = [chainOf("a", [{ of: "kit" }]), chainOf("a", [{ of: "other" }])];
    await fill(bench, mine);
    await fill(other, theirs);
    await expectFilled(bench, mine, bench.types);
    await expectFilled(other, theirs, bench.types);
    await bench.snapshots.drop("a", "all", call);
    await bench.views.write(
      { ...at(mine.views, 0), version: 2, digest: "", state: undefined },
      "lower",
      call,
    );
    await expectFilled(other, theirs, bench.types);
  },

  "keeps collections of every name apart, or refuses a name that cannot be": async (bench) => {
    const opened: [string, StoredCollection][] = [];
    for (const name of nastyNames) {
      const [raced] = await rendezvous([() => bench.storage.open(name, call)]);
      if (raced !== undefined && "value" in raced) opened.push([name, raced.value]);
      else expect(raced?.error).toHaveProperty("code", "options");
    }
    expect(opened.map(([name]) => name)).toEqual(
      expect.arrayContaining(["kit", "orders", "a b", "a.b", "-", "_", "1"]),
    );
    for (const [name, { log }] of opened) await store({ log }, [{ event: eventOf({ doc: name }) }]);
    for (const [name, { log }] of opened) expect(await log.documents({ limit: 100 }, call)).toEqual([name]);
  },

  "finishes the calls in flight when it is closed": async (bench) => {
    const chain = chainOf("a", 5);
    const writing = bench.log.commit(appendsOf(chain), "chain", call);
    const closing = bench.storage.close();
    expect((await writing).map(({ event }) => event)).toEqual(Array(5).fill("stored"));
    await closing;
    await expect(bench.log.head("a", 0, call)).rejects.toHaveProperty("code", "closed");
    const again = await bench.opened.reopen?.();
    if (again === undefined) return;
    expect(await versions(await again.open(collectionName, call), "a")).toEqual([1, 2, 3, 4, 5]);
    await again.close();
  },

  "finishes a search in flight when it is closed": async (bench) => {
    const docs = Array.from({ length: 300 }, (_, i) => eventOf({ doc: `d-${i}` }));
    await store(
      bench,
      docs.map((event) => ({ event, view: viewAfter(event, { n: 1 }) })),
    );
    const filter = checkFilter({ n: 1 }, bench.types);
    const counting = bench.views.count(filter, call);
    const finding = bench.views.find({ filter, sort: [["n", 1]], limit: 1_000 }, call);
    const closing = bench.storage.close();
    expect(await counting).toBe(300);
    expect(await finding).toHaveLength(300);
    await closing;
  },

  "tells how many events, living documents and snapshots there are": async (bench) => {
    const { events, views } = chainOf("a", 3);
    await store(bench, appendsOf({ events, views }), "chain");
    await store(bench, appendsOf(chainOf("gone", [{ n: 1 }, undefined])), "chain");
    await bench.snapshots.put(snapshotOf(foldOf(events), "a", bench.types), call);
    expect(await bench.facts(call)).toMatchObject({ events: 5, views: 1, snapshots: 1, problems: [] });
  },

  "can be closed again and again, also at once": async (bench) => {
    await store(bench, [{ event: eventOf({ doc: "a" }) }]);
    await Promise.all([bench.storage.close(), bench.storage.close()]);
    await bench.storage.close();
    await expect(bench.log.head("a", 0, call)).rejects.toHaveProperty("code", "closed");
  },

  "answers every call after the close with ClosedError": async (bench) => {
    const { log, views, snapshots, checkpoints, storage } = bench;
    const { events } = chainOf("a", 1);
    await store(bench, [{ event: at(events, 0) }]);
    const event = at(events, 0);
    const snapshot = snapshotOf(foldOf(events), "a", bench.types);
    const rows = await bench.rows("lines.v1", [], call);
    await storage.close();
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      open: () => storage.open(collectionName, call),
      "open of another": () => storage.open("another", call),
      "log.commit": () => log.commit([{ event: eventOf({ doc: "b" }) }], "independent", call),
      "log.read": () => log.read("a", { from: 1, to: 2, limit: 2 }, call),
      "log.head": () => log.head("a", 0, call),
      "log.byId": () => log.byId("a", event.id, call),
      "log.documents": () => log.documents({ limit: 2 }, call),
      "log.changes": () => log.changes({ order: "oldest", limit: 2 }, call),
      "views.get": () => views.get(["a"], call),
      "views.write": () => views.write(viewAfter(event, { n: 2 }), "any", call),
      "views.find": () => views.find({ filter: {}, sort: [], limit: 2 }, call),
      "views.count": () => views.count({}, call),
      "snapshots.around": () => snapshots.around("a", { version: 1 }, call),
      "snapshots.put": () => snapshots.put(snapshot, call),
      "snapshots.drop": () => snapshots.drop("a", "all", call),
      "checkpoints.get": () => checkpoints.get("one", call),
      "checkpoints.put": () => checkpoints.put("one", {}, call),
      "checkpoints.swap": () => checkpoints.swap("one", { revision: 1 }, call),
      "checkpoints.list": () => checkpoints.list("", { limit: 2 }, call),
      "checkpoints.remove": () => checkpoints.remove("one", call),
      rows: () => bench.rows("lines.v2", [], call),
      dropRows: () => bench.dropRows("lines.v1", call),
      "rows.get": () => rows.get(["a"], call),
      "rows.write": () => rows.write({ doc: "a", version: 1, rows: [] }, "lower", call),
      "rows.find": () => rows.find({ filter: {}, sort: [], limit: 2 }, call),
      "rows.count": () => rows.count({}, call),
      "rows.documents": () => rows.documents({ limit: 2 }, call),
      facts: () => bench.facts(call),
    };
    const codes = Object.entries(calls).map(async ([name, run]) => [name, await codeOf(run)]);
    expect(await Promise.all(codes)).toEqual(Object.keys(calls).map((name) => [name, "closed"]));
  },

  "answers or ends a read whose signal is aborted, and says the truth of a write": async (bench) => {
    const ended = { ...call, signal: AbortSignal.abort(new Error("enough")) };
    await store(bench, [{ event: eventOf({ doc: "a" }) }]);
    const [read] = await rendezvous([() => bench.log.read("a", { from: 1, to: 9, limit: 9 }, ended)]);
    if (read !== undefined && "value" in read) expect(read.value).toHaveLength(1);
    else expect(read?.error).toBe(ended.signal.reason);
    const [written] = await rendezvous([
      () => bench.log.commit([{ event: eventOf({ doc: "b" }) }], "independent", ended),
    ]);
    const outcome = written !== undefined && "value" in written ? written.value[0]?.event : "unknown";
    const found = await versions(bench, "b");
    expect(found).toEqual(outcome === "stored" ? [1] : outcome === "unknown" ? expect.anything() : []);
    expect(await versions(bench, "a")).toEqual([1]);
  },
});

async function codeOf(run: () => Promise<unknown>): Promise<unknown> {
  const [raced] = await rendezvous([run]);
  if (raced === undefined || "value" in raced) return "it answered";
  return raced.error instanceof Error && "code" in raced.error ? raced.error.code : raced.error;
}
