import { createStore } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";

interface Order {
  customer: string;
  status: string;
  lines: { sku: string; qty: number }[];
  when?: Date;
}
test("smoke", async () => {
  const notices: unknown[] = [];
  const store = createStore<Order>({
    collection: "orders",
    storage: memoryStorage(),
    onNotice: (n) => notices.push(n),
  });
  const a = await store.create("o-1", "alice", {
    customer: "c",
    status: "open",
    lines: [],
    when: new Date(5),
  });
  expect(a.version).toBe(1);
  const b = await store.edit(
    "o-1",
    "bob",
    (d) => {
      d.lines.push({ sku: "A", qty: 2 });
    },
    { reason: "phone" },
  );
  expect(b.patches).toEqual([{ op: "add", path: ["lines", 0], value: { sku: "A", qty: 2 } }]);
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      store.edit("o-1", `u${i}`, (d) => {
        d.lines.push({ sku: `x${i}`, qty: i });
      }),
    ),
  );
  expect(all.map((w) => w.version)).toEqual(Array.from({ length: 50 }, (_, i) => i + 3));
  expect((await store.get("o-1"))?.lines.length).toBe(51);
  expect((await store.stateAt("o-1", { version: 2 }))?.lines.length).toBe(1);
  const r = await store.revert("o-1", "c", { version: 1 });
  expect(r.state.lines).toEqual([]);
  expect((await store.read("o-1"))?.version).toBe(53);
  await store.delete("o-1", "d");
  expect(await store.get("o-1")).toBeUndefined();
  await expect(store.edit("o-1", "d", () => {})).rejects.toMatchObject({ code: "deleted" });
  const back = await store.restore("o-1", "d");
  expect(back.state).toEqual(r.state);
  expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 55 });
  expect(await store.find({ status: "open", "lines.qty": { $exists: false } }).toArray()).toHaveLength(1);
  expect(await store.find({ "lines.0.qty": 1 }).toArray()).toHaveLength(0);
  expect((await store.history("o-1", { order: "newest", limit: 2 }).toArray()).map((e) => e.type)).toEqual([
    "restored",
    "deleted",
  ]);
  expect(await store.changes({ limit: 3 }).toArray()).toHaveLength(3);
  const d = await store.diff("o-1", { version: 1 }, { version: 2 });
  expect(d).toEqual([{ kind: "added", path: ["lines", 0], after: { sku: "A", qty: 2 } }]);
  const k1 = await store.edit(
    "o-1",
    "k",
    (x) => {
      x.status = "k";
    },
    { key: "k" },
  );
  const k2 = await store.edit(
    "o-1",
    "k",
    (x) => {
      x.status = "never";
    },
    { key: "k" },
  );
  expect(k2).toEqual(k1);
  await store.close();
  expect(notices).toEqual([]);
});
