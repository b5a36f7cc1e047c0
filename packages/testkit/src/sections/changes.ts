import {
  type ChangeQuery,
  compareIds,
  type DocumentId,
  type StoredEvent,
  type StoredEventType,
} from "@everdraft/core/adapter";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { type Bench, call, endless, expectExact, type PortSection, store, takesNumbers } from "./bench.ts";
import { section } from "./section.ts";

/** Seven events of three documents, four of them in one millisecond; stored in this order. */
const made: readonly (readonly [
  doc: string,
  version: number,
  at: number,
  by: string,
  type: StoredEventType,
  act?: string,
])[] = [
  ["b", 1, 1000, "ann", "created"],
  ["a", 1, 2000, "bob", "created", "01KDVDNP0000000000000000AC"],
  ["b", 2, 2000, "ann", "edited", "01KDVDNP0000000000000000AC"],
  ["b", 3, 2000, "bob", "edited", "01KDVDNP0000000000000000AD"],
  ["c", 1, 2000, "ann", "created", "01KDVDNP0000000000000000AC"],
  ["a", 2, 3000, "ann", "deleted", "short"],
  ["c", 2, 4000, "bob", "edited"],
];
const inOrder = ["b1", "a1", "b2", "b3", "c1", "a2", "c2"];

/** How events of all documents are listed by time. */
export const changes: PortSection = section("changes", {
  "lists the events of all documents by time, document and version": async (bench) => {
    const events = await withEvents(bench);
    const found = await bench.log.changes({ order: "oldest", limit: 100 }, call);
    expect(found.map(nameOf)).toEqual(inOrder);
    for (const event of found) expectExact(event, events.get(nameOf(event)), bench.types);
  },

  "lists the newest first in exactly the other order": async (bench) => {
    await withEvents(bench);
    expect(await list(bench, { order: "newest", limit: 100 })).toEqual(inOrder.toReversed());
  },

  "includes both bounds, to the millisecond": async (bench) => {
    await withEvents(bench);
    for (const order of ["oldest", "newest"] as const) {
      const within = async (from?: number, to?: number): Promise<string[]> => {
        const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        return sorted(await list(bench, { ...bounds, order, limit: 100 }), order);
      };
      expect(await within(2000, 3000)).toEqual(["a1", "b2", "b3", "c1", "a2"]);
      expect(await within(2001, 2999)).toEqual([]);
      expect(await within(3000, 3000)).toEqual(["a2"]);
      expect(await within(3000)).toEqual(["a2", "c2"]);
      expect(await within(3001)).toEqual(["c2"]);
      expect(await within(undefined, 1000)).toEqual(["b1"]);
      expect(await within(undefined, 999)).toEqual([]);
      expect(await within(0, 1e13)).toEqual(inOrder);
    }
  },

  "lists only the events of one user": async (bench) => {
    await withEvents(bench);
    expect(await list(bench, { by: "ann", order: "oldest", limit: 100 })).toEqual(["b1", "b2", "c1", "a2"]);
    expect(await list(bench, { by: "bob", order: "newest", limit: 100 })).toEqual(["c2", "b3", "a1"]);
    expect(await list(bench, { by: "Ann", order: "oldest", limit: 100 })).toEqual([]);
  },

  "lists only the events of one type": async (bench) => {
    await withEvents(bench);
    expect(await list(bench, { type: "created", order: "oldest", limit: 100 })).toEqual(["b1", "a1", "c1"]);
    expect(await list(bench, { type: "deleted", order: "newest", limit: 100 })).toEqual(["a2"]);
    expect(await list(bench, { type: "reverted", order: "oldest", limit: 100 })).toEqual([]);
  },

  "meets all conditions at once": async (bench) => {
    await withEvents(bench);
    const query = { by: "bob", type: "edited", from: 2000, to: 3999, order: "oldest", limit: 100 } as const;
    expect(await list(bench, query)).toEqual(["b3"]);
    expect(await list(bench, { ...query, to: 4000 })).toEqual(["b3", "c2"]);
    const act = "01KDVDNP0000000000000000AC";
    expect(await list(bench, { act, order: "newest", limit: 100 })).toEqual(["c1", "b2", "a1"]);
    expect(await list(bench, { act, by: "ann", order: "oldest", limit: 100 })).toEqual(["b2", "c1"]);
    expect(await list(bench, { act: "short", order: "oldest", limit: 100 })).toEqual(["a2"]);
    expect(await list(bench, { act: "none", order: "oldest", limit: 100 })).toEqual([]);
  },

  "gives no more than the limit, from the beginning of the order": async (bench) => {
    await withEvents(bench);
    expect(await list(bench, { order: "oldest", limit: 3 })).toEqual(["b1", "a1", "b2"]);
    expect(await list(bench, { order: "newest", limit: 2 })).toEqual(["c2", "a2"]);
  },

  "goes on behind a place within one millisecond, whether an event is there or not": async (bench) => {
    await withEvents(bench);
    const behind = (order: "oldest" | "newest", doc: string, version: number): Promise<string[]> => {
      return list(bench, { order, after: { at: 2000, doc, version }, limit: 100 });
    };
    expect(await behind("oldest", "b", 2)).toEqual(["b3", "c1", "a2", "c2"]);
    expect(await behind("oldest", "b", 9)).toEqual(["c1", "a2", "c2"]);
    expect(await behind("oldest", "bb", 1)).toEqual(["c1", "a2", "c2"]);
    expect(await behind("newest", "b", 3)).toEqual(["b2", "a1", "b1"]);
    expect(await behind("newest", "b", 9)).toEqual(["b3", "b2", "a1", "b1"]);
    expect(await behind("newest", "aa", 1)).toEqual(["a1", "b1"]);
  },

  "gives every event once, whatever the size of the pages, the order and the conditions": async (bench) => {
    await withEvents(bench);
    for (const order of ["oldest", "newest"] as const) {
      for (const conditions of [
        {},
        { by: "ann" },
        { type: "edited" },
        { act: "01KDVDNP0000000000000000AC" },
        { from: 2000, to: 3000 },
      ] as const) {
        const whole = await list(bench, { ...conditions, order, limit: 100 });
        expect(whole.length).toBeGreaterThan(2);
        for (const limit of [1, 2, whole.length - 1, whole.length]) {
          expect(await paged(bench, { ...conditions, order, limit })).toEqual(whole);
        }
      }
    }
  },

  "orders documents of one millisecond as ids are ordered": async (bench) => {
    const numbers: DocumentId[] = takesNumbers(bench) ? [10, 9, -1] : [];
    const docs = ["b", "B", "é", "\u{1f600}", "\uffff", "10", "9", "a ", "a", ...numbers];
    await store(
      bench,
      docs.map((doc) => ({ event: eventOf({ doc, at: 5000 }) })),
    );
    const wanted = docs.toSorted((a, b) => compareIds(a, b, bench.kinds)).map((doc) => `${doc}1`);
    expect(await paged(bench, { order: "oldest", limit: 1 })).toEqual(wanted);
    expect(await paged(bench, { order: "newest", limit: 1 })).toEqual(wanted.toReversed());
  },

  "takes times before 1970 and far ahead": async (bench) => {
    const times = [-62_135_596_800_000, -1, 0, 1, 253_402_300_799_999];
    await store(
      bench,
      times.map((time, i) => ({ event: eventOf({ doc: `d${i}`, at: time }) })),
    );
    const found = await bench.log.changes({ order: "oldest", limit: 100 }, call);
    expect(found.map((event) => event.at)).toEqual(times);
    expect(await list(bench, { from: -1, to: 0, order: "oldest", limit: 10 })).toEqual(["d11", "d21"]);
  },
});

const nameOf = (event: StoredEvent): string => `${event.doc}${event.version}`;

const sorted = (names: string[], order: "oldest" | "newest"): string[] =>
  order === "oldest" ? names : names.toReversed();

async function list(bench: Bench, query: ChangeQuery): Promise<string[]> {
  return (await bench.log.changes(query, call)).map(nameOf);
}

async function paged(bench: Bench, query: ChangeQuery): Promise<string[]> {
  const found: StoredEvent[] = [];
  for (;;) {
    const after = found.at(-1);
    const page = await bench.log.changes({ ...query, ...(after !== undefined && { after }) }, call);
    found.push(...page);
    expect(found.length, endless).toBeLessThanOrEqual(100);
    if (page.length < query.limit) return found.map(nameOf);
  }
}

async function withEvents(bench: Bench): Promise<Map<string, StoredEvent>> {
  const events = new Map<string, StoredEvent>();
  for (const [doc, version, time, by, type, act] of made) {
    const previous = events.get(`${doc}${version - 1}`)?.hash ?? null;
    const event = eventOf({ doc, version, at: time, by, type, previous, ...(act !== undefined && { act }) });
    await store(bench, [{ event }]);
    events.set(nameOf(event), event);
  }
  return events;
}
