import type { ActivityQuery } from "@everdraft/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { order, setNote } from "./order.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

const minute = 60_000;

/** How many events there are in each span of time. */
export const activities: StoreSection = librarySection("activity", {
  "events are counted by day, user and type, without blanks, and without the days that have none": async (
    bench,
  ) => {
    const { store } = await withEvents(bench);
    const days = await store.activity({ bucket: "day" });
    expect(
      days.map(({ start, by, type, count }) => [start.toISOString().slice(0, 10), by, type, count]),
    ).toEqual([
      ["2026-03-01", "alice", "created", 1],
      ["2026-03-01", "bob", "created", 1],
      ["2026-03-01", "bob", "edited", 2],
      ["2026-03-04", "bob", "edited", 1],
    ]);
  },

  "they can be those of a document, of a user, and between two dates, both included": async (bench) => {
    const { store, times } = await withEvents(bench);
    const counts = async (query: Partial<ActivityQuery>) =>
      (await store.activity({ bucket: "hour", ...query })).map(({ by, count }) => [by, count]);
    expect(await counts({ id: "a" })).toEqual([
      ["alice", 1],
      ["bob", 1],
      ["bob", 1],
    ]);
    expect(await counts({ id: "none" })).toEqual([]);
    expect(await counts({ by: "alice" })).toEqual([["alice", 1]]);
    const [, second, third] = times;
    expect(await counts({ from: second as Date, to: third as Date })).toEqual([
      ["bob", 1],
      ["bob", 1],
    ]);
    expect(await counts({ id: "a", from: third as Date })).toEqual([["bob", 1]]);
  },

  "a day in which the clocks change has 23 or 25 hours, and begins where the zone begins it": async (
    bench,
  ) => {
    const cases = [
      ["Europe/Berlin", "2026-03-29T12:00Z", "2026-03-28T23:00Z", 23],
      ["Europe/Berlin", "2026-10-25T12:00Z", "2026-10-24T22:00Z", 25],
      ["America/New_York", "2026-11-01T12:00Z", "2026-11-01T04:00Z", 25],
      // this day has no midnight
      ["America/Sao_Paulo", "2018-11-04T12:00Z", "2018-11-04T03:00Z", 23],
      ["Asia/Kathmandu", "2026-05-05T12:00Z", "2026-05-04T18:15Z", 24],
      ["UTC", "2026-03-29T12:00Z", "2026-03-29T00:00Z", 24],
    ] as const;
    for (const [n, [timeZone, at, start, hours]] of cases.entries()) {
      const times = quarters(Date.parse(start) - 60 * minute, 4 * (hours + 2));
      const store = await storeWith(
        bench,
        `c${n}`,
        [...times, Date.parse(at)].toSorted((a, b) => a - b),
      );
      const days = await store.activity({ bucket: "day", timeZone });
      const found = days.map((day) => [day.start.getTime(), day.count]);
      const [begin, end] = [Date.parse(start), Date.parse(start) + hours * 60 * minute];
      expect(found.slice(1)).toEqual([
        [begin, 4 * hours + 1],
        [end, 4],
      ]);
      const inHours = await store.activity({ bucket: "hour", timeZone });
      expect(inHours.filter((hour) => +hour.start >= begin && +hour.start < end)).toHaveLength(hours);
    }
  },

  "where the clocks change by half an hour, the hour is cut there": async (bench) => {
    const timeZone = "Australia/Lord_Howe";
    const store = await storeWith(bench, "halves", quarters(Date.parse("2026-04-04T14:00Z"), 10));
    const hours = await store.activity({ bucket: "hour", timeZone });
    expect(hours.map(({ start, count }) => [start.toISOString().slice(11, 16), count])).toEqual([
      ["14:00", 4],
      ["15:00", 2],
      ["15:30", 4],
    ]);
  },

  "in any zone, two events are in one day or hour if its clocks say so": async (bench) => {
    let run = 0;
    const zones = [
      "Europe/Berlin",
      "Australia/Lord_Howe",
      "America/St_Johns",
      "Pacific/Apia",
      "Africa/Cairo",
    ];
    const property = fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.constantFrom("hour" as const, "day" as const),
      fc.array(fc.integer({ min: Date.UTC(1990), max: Date.UTC(2030) }), { minLength: 1, maxLength: 30 }),
      async (timeZone, bucket, given) => {
        const times = given
          .flatMap((at) => [at, at + 20 * minute, at + 70 * minute])
          .toSorted((a, b) => a - b);
        const store = await storeWith(bench, `p${run++}`, times);
        const wanted = new Map<string, number>();
        for (const at of times) {
          const label = labelOf(at, timeZone, bucket);
          wanted.set(label, (wanted.get(label) ?? 0) + 1);
        }
        const found = await store.activity({ bucket, timeZone });
        expect(found.map(({ start, count }) => [labelOf(+start, timeZone, bucket), count])).toEqual([
          ...wanted,
        ]);
      },
    );
    await fc.assert(property, seeded(25));
  },
});

function quarters(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i * 15 * minute);
}

/** The clock of a zone as it shows a time: the day, or the hour with the offset. */
function labelOf(at: number, timeZone: string, bucket: "hour" | "day"): string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
  });
  if (bucket === "day") return format.format(at);
  const hour = new Intl.DateTimeFormat("sv-SE", { timeZone, hour: "2-digit", timeZoneName: "longOffset" });
  return `${format.format(at)} ${hour.format(at)}`;
}

/** A store whose one document has an event at each of these times. */
async function storeWith(bench: StoreBench, collection: string, times: readonly number[]) {
  const store = bench.open<{ n: number }>({ collection, clock: () => Date.UTC(2031) });
  await store.import(times.map((at, n) => ({ id: "d", at: new Date(at), by: "alice", state: { n } })));
  return store;
}

/** Five events of two documents and a blank, from 23:30 of one day on. */
async function withEvents(bench: StoreBench) {
  let now = Date.UTC(2026, 2, 1, 20, 30);
  const store = bench.open({ clock: () => now });
  const times: Date[] = [];
  const acts = [
    () => store.create("a", "alice", order()),
    () => store.edit("a", "bob", setNote("1")),
    () => store.create("b", "bob", order()),
    () => store.edit("b", "bob", setNote("2")),
  ];
  for (const act of acts) {
    times.push(new Date(now));
    await act();
    now += 45 * minute;
  }
  await store.edit("b", "carol", () => {}, { key: "k" });
  now += 3 * 24 * 60 * minute;
  now = Math.floor(now / 86_400_000) * 86_400_000;
  await store.edit("a", "bob", setNote("3"));
  return { store, times };
}
