import { expect, vi } from "vitest";
import { section } from "../sections/section.ts";
import { type Order, order, setNote } from "./order.ts";
import { refused } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

const hour = 3_600_000;

/** The times of events whatever the clock does, and the meaning of a date. */
export const time: StoreSection = section(
  "time",
  {
    "a clock that goes back does not take the document with it": async (bench) => {
      const { open, clock, notices } = bench;
      const store = open();
      const { at } = await store.create("o-1", "alice", order());
      clock.forward(-hour);
      const edited = await store.edit("o-1", "bob", setNote("back"));
      expect(edited.at).toEqual(at);
      expect((await open().edit("o-1", "bob", setNote("still back"))).at).toEqual(at);
      expect(notices).toContainEqual({ type: "future-head", id: "o-1", version: 2, at });
      const later = clock.forward(2 * hour);
      expect((await store.edit("o-1", "bob", setNote("on again"))).at).toEqual(later);
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 4 });
    },

    "of several events at one time a date means the last": async ({ open, clock }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      for (const text of ["a", "b", "c"]) await store.edit("o-1", "alice", setNote(text));
      const date = new Date(clock.now);
      for (const one of [store, open()]) {
        expect((await one.stateAt("o-1", date))?.note).toBe("c");
        expect(await one.stateAt("o-1", new Date(clock.now - 1))).toBeUndefined();
        expect(await one.read("o-1", date)).toMatchObject({ version: 4, at: date, sealed: false });
        expect((await one.stateAt("o-1", { version: 3 }))?.note).toBe("b");
      }
    },

    "a date includes the event of that very millisecond": async (bench) => {
      const times = await threeAnHourApart(bench);
      for (const [i, at] of times.entries()) {
        const store = bench.open();
        expect((await store.read("o-1", new Date(at)))?.version).toBe(i + 1);
        expect((await store.read("o-1", new Date(at + 1)))?.version).toBe(i + 1);
        expect((await store.read("o-1", new Date(at - 1)))?.version).toBe(i === 0 ? undefined : i);
      }
    },

    "before the creation there is nothing, and in the future there is the head, unsealed": async (bench) => {
      const [first, , last] = await threeAnHourApart(bench);
      const store = bench.open();
      for (const date of [first - 1, first - 1e12, 0, -8.64e15])
        expect(await store.stateAt("o-1", new Date(date))).toBeUndefined();
      const head = await store.read("o-1");
      expect(head).toMatchObject({ version: 3, sealed: false, at: new Date(last) });
      for (const date of [last, last + 1, last + 1e12, 8.64e15])
        expect(await store.read("o-1", new Date(date))).toEqual(head);
    },

    "an answer is sealed as soon as a later event exists, and then never changes": async (bench) => {
      const [first, second, last] = await threeAnHourApart(bench);
      const store = bench.open();
      const moments = [{ version: 1 }, { version: 2 }, new Date(first + 5), new Date(second)];
      const sealed = await Promise.all(moments.map((moment) => store.read("o-1", moment)));
      expect(sealed.map((one) => one?.sealed)).toEqual([true, true, true, true]);
      const open = await Promise.all(
        [{ version: 3 }, new Date(last)].map((moment) => store.read("o-1", moment)),
      );
      expect(open.map((one) => one?.sealed)).toEqual([false, false]);
      bench.clock.forward(-3 * hour);
      await store.edit("o-1", "bob", setNote("stamped with the head's time"));
      expect(await Promise.all(moments.map((moment) => store.read("o-1", moment)))).toEqual(sealed);
      expect(await store.read("o-1", { version: 3 })).toEqual({ ...open[0], sealed: true });
      expect(await store.read("o-1", new Date(last))).toMatchObject({ version: 4, sealed: false });
    },

    "while a document is deleted a date finds nothing": async ({ open, clock }) => {
      const store = open();
      await store.create("o-1", "alice", order());
      const gone = clock.forward(hour).getTime();
      await store.delete("o-1", "alice");
      const back = clock.forward(hour).getTime();
      await store.restore("o-1", "alice");
      for (const one of [store, open()]) {
        expect(await one.stateAt("o-1", new Date(gone - 1))).toEqual(order());
        expect(await one.stateAt("o-1", new Date(gone))).toBeUndefined();
        expect(await one.read("o-1", new Date(back - 1))).toBeUndefined();
        expect(await one.stateAt("o-1", new Date(back))).toEqual(order());
      }
    },

    "a version above the head is refused, also of a document that is unknown": async (bench) => {
      await threeAnHourApart(bench);
      const store = bench.open();
      for (const version of [4, 1000]) {
        const error = await refused(store.stateAt("o-1", { version }), "version_ahead");
        expect(error.details).toMatchObject({ id: "o-1", version, head: 3 });
        await refused(store.read("o-1", { version }), "version_ahead");
        await refused(store.diff("o-1", { version: 1 }, { version }), "version_ahead");
      }
      expect(await store.stateAt("unknown", new Date(bench.clock.now))).toBeUndefined();
      await refused(store.stateAt("unknown", { version: 1 }), "version_ahead");
    },

    "clocks at and before 1970 and far ahead give events and ids": async ({ open }) => {
      for (const [i, time] of [0, -1, 1, firstYear, lastYear].entries()) {
        const store = open({ clock: () => time });
        const ids = [await store.create(`o-${i}`, "alice", order())];
        for (const text of ["a", "b"]) ids.push(await store.edit(`o-${i}`, "bob", setNote(text)));
        expect(ids.map(({ at }) => at.getTime())).toEqual([time, time, time]);
        expect(new Set(ids.map(({ eventId }) => eventId)).size).toBe(3);
        expect(ids.map(({ eventId }) => eventId)).toEqual(ids.map(({ eventId }) => eventId).toSorted());
        expect(await open().verify(`o-${i}`)).toMatchObject({ ok: true, version: 3 });
      }
    },

    "stores whose clocks differ by an hour still give times that never go back": async ({ open, clock }) => {
      const stores = [0, hour, -hour, 1].map((offset) => open({ clock: () => clock.now + offset }));
      await stores[0]?.create("o-1", "alice", order());
      for (let round = 0; round < 3; round++) {
        for (const [i, store] of stores.entries()) {
          clock.forward(1000);
          await store.edit("o-1", `user-${i}`, setNote(`${round}-${i}`));
        }
      }
      const times = (await open().history("o-1").toArray()).map(({ at }) => at.getTime());
      expect(times).toHaveLength(13);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(await open().verify("o-1")).toMatchObject({ ok: true });
    },
  },
  {
    "the store's own clock stamps events where none is given": async ({ storage }) => {
      const { createStore } = await import("@everdraft/core");
      const before = Date.now();
      await using store = createStore<Order>({ collection: "own-clock", storage });
      const { at } = await store.create("o-1", "alice", order());
      expect(at.getTime()).toBeGreaterThanOrEqual(before - hour);
      expect(at.getTime()).toBeLessThanOrEqual(Date.now() + hour);
    },

    "whatever the process's clock says, a store with a clock of its own writes on, and ids have its time":
      async (bench) => {
        const { eventId: usual } = await bench.open().create("usual", "alice", order());
        const process = vi.spyOn(Date, "now");
        try {
          for (const [i, time] of oddTimes.entries()) {
            process.mockReturnValue(time);
            const store = bench.open();
            const { eventId, at } = await store.create(`o-${i}`, "alice", order());
            expect({ time, id: timeOf(eventId), at }).toEqual({
              time,
              id: timeOf(usual),
              at: new Date(bench.clock.now),
            });
            expect((await store.edit(`o-${i}`, "bob", setNote("on"))).version).toBe(2);
          }
        } finally {
          process.mockRestore();
        }
      },

    "other documents are not held back by one whose head lies ahead": async ({ open, clock }) => {
      const store = open();
      clock.forward(hour);
      await store.create("o-1", "alice", order());
      const now = clock.forward(-hour);
      expect((await store.create("o-2", "alice", order())).at).toEqual(now);
    },
  },
);

/** The ends of the years 1 to 9999, in which every storage can hold times. */
const [firstYear, lastYear] = [-62_135_596_800_000, 253_402_300_799_999];

/** The beginning and the ends of the times that clocks can tell, and of those that ids can hold. */
const oddTimes = [0, -1, 1, -8.64e15, 2 ** 48 - 1, 2 ** 48, 8.64e15];

/** The part of an id that tells its time. */
function timeOf(eventId: string): string {
  return eventId.slice(0, 10);
}

/** o-1 in three versions; gives their times. */
async function threeAnHourApart({ open, clock }: StoreBench): Promise<[number, number, number]> {
  const store = open();
  const first = clock.now;
  await store.create("o-1", "alice", order());
  const second = clock.forward(hour).getTime();
  await store.edit("o-1", "bob", setNote("second"));
  const third = clock.forward(hour).getTime();
  await store.edit("o-1", "carol", setNote("third"));
  return [first, second, third];
}
