import type { State, Store } from "@everdraft/core";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { linesOf, type Order, order } from "./order.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

/** That nothing which a caller does to a value handed in or out reaches the storage or the cache. */
export const isolation: StoreSection = librarySection("values handed in and out", {
  "states are handed out deep-frozen by every call": async (bench) => {
    const store = bench.open();
    const written = await store.create("o-1", "alice", full());
    for (const state of [written.state, ...(await everyReading(store))]) {
      expect(state).toEqual(full());
      expectDeepFrozen(state);
    }
    const cold = bench.open();
    for (const state of await everyReading(cold)) expectDeepFrozen(state);
  },

  "patches, events, and the values of differences are frozen too": async ({ open }) => {
    const store = open();
    const written = await store.create("o-1", "alice", full(), { meta: { list: [{ a: 1 }] } });
    await store.replace("o-1", "alice", order({ lines: linesOf("C") }));
    expectFrozen(written.patches);
    const events = await store.history("o-1").toArray();
    for (const { patches, meta } of events) expectFrozen([patches, meta]);
    const changes = await store.diff("o-1", { version: 1 }, { version: 2 });
    for (const { before, after } of changes as readonly { before?: unknown; after?: unknown }[])
      expectFrozen([before, after]);
    expect([events.length, changes.length]).toEqual([2, 5]);
  },

  "objects that a caller hands in are neither frozen nor kept": async (bench) => {
    const store = bench.open();
    const [state, meta, line] = [full(), { list: [{ a: 1 }] }, { id: "C", qty: 3 }];
    await store.create("o-1", "alice", state, { meta });
    const pushed = await store.edit("o-1", "bob", (draft) => void draft.lines.push(line), { meta });
    const replacing = full();
    await store.create("o-2", "alice", order());
    await store.replace("o-2", "alice", replacing);
    for (const mine of [state, replacing]) {
      mine.customer = "changed";
      mine.lines.push({ id: "Z", qty: 9 });
      (mine.lines[0] as { qty: number }).qty = 99;
      mine.placed?.setTime(99);
      mine.mark?.fill(99);
    }
    line.qty = 99;
    meta.list.push({ a: 2 });
    expect(pushed.state.lines[2]).toEqual({ id: "C", qty: 3 });
    await expectEverywhere(bench, store, "o-1", { ...full(), lines: [...full().lines, { id: "C", qty: 3 }] });
    await expectEverywhere(bench, store, "o-2", full());
    expect((await store.history("o-1").toArray()).map((event) => event.meta)).toEqual([
      { list: [{ a: 1 }] },
      { list: [{ a: 1 }] },
    ]);
  },

  "dates and bytes that were handed out can be changed without effect": async (bench) => {
    const store = bench.open();
    const written = await store.create("o-1", "alice", full());
    const { value } = written.patches[0] as { value: Order };
    const [event] = await store.history("o-1").toArray();
    const fromHistory = (event?.patches[0] as { value: Order } | undefined)?.value;
    for (const state of [written.state, value, fromHistory, ...(await everyReading(store))]) {
      state?.placed?.setTime(99);
      state?.mark?.fill(99);
    }
    written.at.setTime(99);
    event?.at.setTime(99);
    (await store.read("o-1"))?.at.setTime(99);
    await expectEverywhere(bench, store, "o-1", full());
    expect((await store.read("o-1"))?.at).toEqual(new Date(bench.clock.now));
    const edited = await store.edit("o-1", "bob", (draft) => {
      draft.note = "later";
    });
    expect(edited.patches).toEqual([{ op: "add", path: ["note"], value: "later" }]);
    expect(edited.state).toEqual({ ...full(), note: "later" });
  },

  "a date that a caller passes as a moment can be changed afterwards": async ({ open, clock }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const moment = new Date(clock.now);
    clock.forward(1000);
    await store.edit("o-1", "alice", (draft) => {
      draft.status = "paid";
    });
    const reading = store.stateAt("o-1", moment);
    const events = store.history("o-1", { to: moment }).toArray();
    const reverting = store.revert("o-1", "bob", moment);
    moment.setTime(clock.now + 1000);
    expect(await reading).toEqual(order());
    expect(await events).toHaveLength(1);
    expect((await reverting).state).toEqual(order());
  },

  "two callers of one document do not share dates or bytes": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", full());
    const [a, b] = await Promise.all([store.get("o-1"), store.get("o-1")]);
    a?.placed?.setTime(1);
    a?.mark?.fill(7);
    expect(b).toEqual(full());
  },
});

function full(): Order {
  return order({ lines: linesOf("A", "B"), placed: new Date(5), mark: Uint8Array.of(1, 2, 3) });
}

/** The state of o-1 by every call that gives one. */
async function everyReading(store: Store<Order>): Promise<(State<Order> | undefined)[]> {
  return [
    await store.get("o-1"),
    ...(await store.getMany(["o-1"])),
    (await store.read("o-1"))?.state,
    (await store.read("o-1", { version: 1 }))?.state,
    await store.stateAt("o-1", { version: 1 }),
    await store.stateAt("o-1", new Date(8.64e15)),
    (await store.find().toArray())[0]?.state,
    (await store.edit("o-1", "bob", () => {})).state,
  ];
}

async function expectEverywhere(
  bench: StoreBench,
  store: Store<Order>,
  id: string,
  state: Order,
): Promise<void> {
  for (const one of [store, bench.open()]) {
    expect(await one.get(id)).toEqual(state);
    expect((await one.read(id))?.state).toEqual(state);
    expect((await one.edit(id, "bob", () => {})).state).toEqual(state);
    expect(await one.verify(id)).toMatchObject({ ok: true });
  }
}

/** Each value of a list is deep-frozen. */
function expectFrozen(values: readonly unknown[]): void {
  for (const value of values) expectDeepFrozen(value);
}

function expectDeepFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Date || value instanceof Uint8Array) return;
  expect(Object.isFrozen(value)).toBe(true);
  for (const inner of Object.values(value)) expectDeepFrozen(inner);
}
