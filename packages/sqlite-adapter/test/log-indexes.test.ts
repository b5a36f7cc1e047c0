// Indexes over the log: who keeps them, how they are made, and the pages that they answer.
import { createStore, type LogIndexField, type Store, type StoreOptions } from "@everdraft/core";
import type { ChangeQuery, StoredEvent } from "@everdraft/core/adapter";
import { dropIndex, listIndexes } from "@everdraft/core/upkeep";
import { expect, onTestFinished, test, vi } from "vitest";
import { call, eventOf, newPath, ordersAt, rawAt, storageAt } from "./support/fixtures.ts";
import { statementWith, withStatements } from "./support/watched-engine.ts";

vi.setConfig({ testTimeout: 60_000 });

interface Doc {
  n: number;
}

const all: readonly LogIndexField[] = ["by", "type", "act"];

function storeAt(path: string, options: Partial<StoreOptions<Doc>> = {}): Store<Doc> {
  const store = createStore<Doc>({ collection: "orders", storage: storageAt(path), ...options });
  onTestFinished(() => store.close());
  return store;
}

test("an index over the log is made by the option, named, used by every store, and dropped", async () => {
  const path = newPath();
  const store = storeAt(path, { logIndexes: ["by", "act"] });
  await store.create("a", "alice", { n: 1 });
  const other = storeAt(path);
  const keys = { at: 1, doc: 1, version: 1 };
  expect(await listIndexes(other)).toEqual([
    { name: "log.act", keys: { act: 1, ...keys }, log: true, complete: true },
    { name: "log.by", keys: { by: 1, ...keys }, log: true, complete: true },
  ]);
  expect(await other.changes({ by: "alice", type: "created" }).explain()).toEqual({
    kind: "index",
    name: "log.by",
  });
  expect(await other.changes({ type: "created" }).explain()).toEqual({ kind: "scan" });
  expect(await dropIndex(other, "log.by")).toBe(true);
  expect(await dropIndex(other, "log.by")).toBe(false);
  expect(await store.changes({ by: "alice" }).explain()).toEqual({ kind: "scan" });
  expect(await store.changes({ by: "alice" }).toArray()).toHaveLength(1);
});

test("the code of the page about changes runs", async () => {
  const storage = storageAt(newPath());
  const written: unknown[] = [];
  const console = { log: (...values: unknown[]): void => void written.push(values.join(" ")) };
  // #region changes
  const orders = createStore<Doc>({ collection: "orders", storage, logIndexes: ["by"] });
  await orders.create("o-1", "alice", { n: 1 });
  await orders.edit("o-1", "bob", (draft) => void draft.n++, { meta: { app: "desk" } });

  const byBob = orders.changes({ by: "bob", meta: { app: "desk" } });
  const { items, next } = await byBob.page({ limit: 20 });
  for (const { id, version, at } of items) console.log(id, version, at.getFullYear() > 2000); // o-1 2 true
  console.log(next, (await byBob.explain()).kind); // undefined index
  // #endregion changes
  expect(written).toEqual(["o-1 2 true", " index"]);
  await orders.close();
});

test("over a long log it is made in the background, and told of", async () => {
  const path = newPath();
  const at = new Date(0);
  await storeAt(path).import(
    Array.from({ length: 1_200 }, (_, n) => ({ id: `o-${n}`, at, by: `u-${n % 9}`, state: { n } })),
  );
  const built = new Promise<string>((resolve) => {
    const onNotice: StoreOptions["onNotice"] = (notice) => {
      if (notice.type === "index-built") resolve(notice.index);
    };
    void storeAt(path, { logIndexes: ["by"], onNotice }).ready();
  });
  expect(await built).toBe("log.by");
  expect(await storeAt(path).changes({ by: "u-3" }).toArray()).toHaveLength(133);
});

test("with indexes the pages are those without them, whatever is asked for", async () => {
  const long = "é".repeat(100);
  const acts = [undefined, "01KDVDNP0000000000000000AC", "01KDVDNP0000000000000000AD", "short"];
  const events: StoredEvent[] = [];
  for (const doc of ["a", long])
    for (let version = 1; version <= 12; version++) {
      const act = acts[version % 4];
      const previous = version === 1 ? undefined : events.at(-1)?.hash;
      events.push(
        eventOf({
          doc,
          version,
          at: 1_000 + (version >> 1),
          by: version % 3 === 0 ? long : "bob",
          type: version === 1 ? "created" : version % 5 === 0 ? "reverted" : "edited",
          id:
            version % 2 === 0
              ? `key-${doc}-${version}`
              : `01KDVDNP00000000000000${String(version).padStart(4, "0")}`,
          ...(act !== undefined && { act }),
          ...(version % 5 === 0 && { ref: { version: 1 } }),
          ...(previous !== undefined && { previous }),
        }),
      );
    }
  const [plain, indexed] = [await ordersAt(newPath()), await ordersAt(newPath())];
  await indexed.indexes?.addToLog(all, call);
  for (const event of events)
    for (const { log } of [plain, indexed]) await log.commit([{ event }], "independent", call);
  const conditions: Omit<ChangeQuery, "order" | "limit">[] = acts
    .flatMap((act) => [{}, { by: "bob" }, { by: long }].map((one) => ({ ...one, ...(act && { act }) })))
    .flatMap((one) => [one, { ...one, type: "edited" as const }, { ...one, from: 1_002, to: 1_004 }]);
  for (const condition of conditions)
    for (const order of ["oldest", "newest"] as const)
      for (const limit of [3, 100]) {
        const query = { ...condition, order, limit };
        const wanted = await plain.log.changes(query, call);
        expect(await indexed.log.changes(query, call)).toEqual(wanted);
        const { act, by, type } = condition;
        const expected = events.filter(
          (event) =>
            (act === undefined || event.act === act) &&
            (by === undefined || event.by === by) &&
            (type === undefined || event.type === type) &&
            event.at >= (condition.from ?? 0) &&
            event.at <= (condition.to ?? 9_999),
        );
        expect(wanted).toHaveLength(Math.min(limit, expected.length));
      }
});

test.each([
  ["by", { by: "alice" }],
  ["type", { type: "edited" }],
  ["act", { act: "01KDVDNP0000000000000000AC" }],
] as const)("the engine answers a page of one %s from the index, in its order", async (field, condition) => {
  const path = newPath();
  const statements: [string, readonly unknown[]][] = [];
  await withStatements((sql, statement) => {
    if (!/FROM "orders.events" WHERE .*LIMIT \?$/.test(sql)) return statement;
    return statementWith(statement, {
      all: (...values) => {
        statements.push([sql, values]);
        return statement.all(...values);
      },
    });
  });
  const orders = await ordersAt(path);
  await orders.indexes?.addToLog(all, call);
  for (const order of ["oldest", "newest"] as const)
    await orders.log.changes({ ...condition, order, limit: 5 }, call);
  expect(statements).toHaveLength(2);
  for (const [sql, values] of statements) {
    const plan = rawAt(path)
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(values as never[]))
      .map((row) => String(Reflect.get(Object(row), "detail")));
    expect(plan).toEqual([expect.stringContaining(`USING INDEX orders.events.${field} (`)]);
    expect(plan[0]).toMatch(/AND \(?at/);
  }
});
