import type { Storage } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { type Order, order, setNote } from "./order.ts";
import { refused, storesNothing } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

const hour = 3_600_000;
/** How far a test may be from the clock, in milliseconds. */
const tolerance = 20_000;

/** Storages whose server tells the time: a wrong clock of a process is corrected. */
export const serverClock: StoreSection = librarySection("a server's clock", {
  "events are stamped with the server's time": async (bench) => {
    for (const offset of [-hour, 0, 5 * hour]) {
      const store = underServer(bench, () => offset);
      const { at } = await store.create(`o-${offset}`, "alice", order());
      expect(Math.abs(at.getTime() - Date.now() - offset)).toBeLessThan(tolerance);
      await store.close();
    }
  },

  "a head more than a minute in the future refuses the next write, and says so": async (bench) => {
    const { at } = await underServer(bench, () => hour).create("o-1", "alice", order());
    const store = underServer(bench, () => 0);
    for (const act of [
      () => store.edit("o-1", "bob", setNote("x")),
      () => store.delete("o-1", "bob"),
      () => store.replace("o-1", "bob", order({ note: "x" })),
    ]) {
      const error = await storesNothing(bench.port, ["o-1"], () => refused(act(), "clock_skew"));
      expect(error.details).toMatchObject({ id: "o-1" });
      expect(error.message).toContain(at.toISOString());
    }
    expect(await store.edit("o-1", "bob", () => {})).toMatchObject({ changed: false, version: 1 });
    expect(await store.read("o-1")).toMatchObject({ version: 1, at });
  },

  "such a head can be accepted, and then lends its time": async (bench) => {
    const { at } = await underServer(bench, () => hour).create("o-1", "alice", order());
    const store = underServer(bench, () => 0);
    const accepted = await store.edit("o-1", "bob", setNote("x"), { acceptFutureHead: true });
    expect(accepted).toMatchObject({ version: 2, at, changed: true });
    await refused(store.edit("o-1", "bob", setNote("y")), "clock_skew");
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 2 });
  },

  "a head less than a minute ahead is followed": async (bench) => {
    const { at } = await underServer(bench, () => 40_000).create("o-1", "alice", order());
    const edited = await underServer(bench, () => 0).edit("o-1", "bob", setNote("x"));
    expect(edited).toMatchObject({ version: 2, at });
  },

  "a clock given to the store is used as it is": async (bench) => {
    const storage = withOffset(bench.storage, () => hour);
    const store = bench.open({ storage });
    expect((await store.create("o-1", "alice", order())).at).toEqual(new Date(bench.clock.now));
  },
});

/** A store without a clock of its own on a storage whose server is so far ahead of this process. */
function underServer(bench: StoreBench, offset: () => number) {
  const storage = withOffset(bench.storage, offset);
  return bench.open<Order>({ storage, clock: undefined } as never);
}

function withOffset(storage: Storage<string>, offset: () => number): Storage<string> {
  return { ...wrapStorage(storage, () => ({})), clockOffset: async () => offset() };
}
