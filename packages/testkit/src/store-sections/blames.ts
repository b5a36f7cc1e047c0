import type { Blame } from "@everdraft/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { leavesOf, oracleBlame, placeBefore } from "../oracle/oracle-blame.ts";
import { librarySection } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { anyLife } from "./any-life.ts";
import { linesOf, order } from "./order.ts";
import { type Third, third, twoOld } from "./people.ts";
import { live } from "./random-lives.ts";
import type { StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;

/** Who set each value, when and why. */
export const blames: StoreSection = librarySection("blame", {
  "for any life each value is said of the event that a walk back over whole states comes to": async (
    bench,
  ) => {
    const stores = [bench.open<Plain>(), bench.open<Plain>({ cache: { maxBytes: 0 } })];
    let run = 0;
    const property = fc.asyncProperty(anyLife(stores.length), async (turns) => {
      const id = `doc-${run++}`;
      const states = (await live(id, turns, stores, bench.clock)).map(({ state }) => state);
      for (let version = 1; version <= states.length; version++) {
        const until = states.slice(0, version);
        const blame = await stores[run % 2]?.blame(id, { version });
        expect(blame === undefined).toBe(until.at(-1) === undefined);
        // the order of fields is no part of a state
        expect(said(blame).toSorted(byText)).toEqual(
          until.at(-1) === undefined
            ? []
            : leavesOf(until.at(-1))
                .map((path) => [path, oracleBlame(until, path)])
                .toSorted(byText),
        );
      }
    });
    await fc.assert(property, seeded(12));
  },
  "an element keeps its events when others are put before it and when it moves": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order({ lines: linesOf("A", "B", "C") }));
    await store.edit("o-1", "bob", (draft) => void Object.assign(draft.lines[1] ?? {}, { qty: 7 }), {
      reason: "more",
    });
    await store.edit("o-1", "carol", (draft) => void draft.lines.unshift({ id: "X", qty: 1 }));
    await store.edit("o-1", "dave", (draft) => void draft.lines.reverse());
    const blame = await store.blame("o-1");
    const b = blame?.at(["lines", 1, "qty"]);
    expect(b).toMatchObject({
      value: 7,
      named: ["lines", "B", "qty"],
      event: { version: 2, by: "bob", reason: "more" },
    });
    expect(blame?.at(["lines", 0, "qty"])?.event.by).toBe("alice");
    expect(blame?.at(["lines", 3])?.event.by).toBe("carol");
    // the list itself, and the document: the last that changed anything in them
    expect(blame?.at(["lines"])?.event.by).toBe("dave");
    expect(blame?.at([])?.event.by).toBe("dave");
    expect(blame?.at(["lines", 9])).toBeUndefined();
    expect(blame?.at(["status", "x"])).toBeUndefined();
    // before bob's change it stood at the same place, and was alice's
    const earlier = await b?.previous();
    expect(earlier).toMatchObject({
      path: ["lines", 1, "qty"],
      value: 1,
      event: { version: 1, by: "alice" },
    });
    expect(await earlier?.previous()).toBeUndefined();
    expect(await blame?.at(["lines", 3])?.previous()).toBeUndefined();
  },

  "previous follows an element back to the place that it had": async (bench) => {
    const store = bench.open<Plain>();
    let run = 0;
    const property = fc.asyncProperty(anyLife(1), async (turns) => {
      const id = `doc-${run++}`;
      const states = (await live(id, turns, [store], bench.clock)).map(({ state }) => state);
      for (const { path, event, previous } of (await store.blame(id)) ?? []) {
        let place: typeof path | undefined = path;
        for (let n = states.length; n >= event.version && place !== undefined; n--)
          place = n === 1 ? undefined : placeBefore(states[n - 2], states[n - 1], place);
        expect((await previous())?.path).toEqual(place);
      }
    });
    await fc.assert(property, seeded(4));
  },

  "a change list that replaced a whole array changed only the elements that differ": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order({ lines: linesOf("A", "B") }));
    await store.edit("o-1", "bob", (draft) => {
      draft.lines = [
        { id: "A", qty: 1 },
        { id: "B", qty: 2 },
      ];
    });
    const blame = await store.blame("o-1", undefined, { path: ["lines"] });
    expect(said(blame)).toEqual([
      [["lines", 0, "id"], 1],
      [["lines", 0, "qty"], 1],
      [["lines", 1, "id"], 1],
      [["lines", 1, "qty"], 2],
    ]);
  },

  "events that nobody wants to hear of are passed over; the values that they made stay theirs": async ({
    open,
  }) => {
    const store = open();
    await store.create("o-1", "alice", order({ lines: linesOf("A") }));
    await store.edit("o-1", "bulk", (draft) => {
      draft.status = "paid";
      draft.note = "made";
      draft.lines.unshift({ id: "X", qty: 1 });
    });
    const blame = await store.blame("o-1", undefined, { ignore: ({ by }) => by === "bulk" });
    expect(blame?.at(["status"])?.event.by).toBe("alice");
    expect(blame?.at(["lines", 1, "qty"])?.event.by).toBe("alice");
    expect(blame?.at(["note"])?.event.by).toBe("bulk");
    expect(blame?.at(["lines", 0, "qty"])?.event.by).toBe("bulk");
  },

  "a migration is named: of an event that stored it, and of a state that nobody has brought up yet": async (
    bench,
  ) => {
    const { newer } = await twoOld(bench);
    const before = await newer.blame("p");
    for (const { event } of before ?? []) if (event.migration === true) expect(event.version).toBe(2);
    expect([...(before ?? [])].some(({ event }) => event.migration === true)).toBe(true);
    await newer.edit("p", "bob", (draft) => void draft.phones.push("2"));
    const after = await bench.open<Third>(third).blame("p");
    expect(after?.at(["phones", 1])?.event).toMatchObject({ version: 3, by: "bob", migration: true });
  },

  "blame of no document, of one that is gone, and of a version that is not there yet": async ({ open }) => {
    const store = open();
    expect(await store.blame("none")).toBeUndefined();
    await store.create("o-1", "alice", order());
    await expect(store.blame("o-1", { version: 2 })).rejects.toMatchObject({ code: "version_ahead" });
    await store.delete("o-1", "alice");
    expect(await store.blame("o-1")).toBeUndefined();
    expect((await store.blame("o-1", { version: 1 }))?.at(["status"])?.value).toBe("open");
    await store.restore("o-1", "bob");
    expect((await store.blame("o-1"))?.at(["status"])?.event).toMatchObject({
      by: "bob",
      type: "restored",
    });
    await expect(store.blame("o-1", undefined, { path: "status" as never })).rejects.toMatchObject({
      code: "options",
    });
    await expect(store.blame("o-1", undefined, { ignore: 1 as never })).rejects.toMatchObject({
      code: "options",
    });
  },
});

function said(blame: Blame<unknown> | undefined): unknown[] {
  return [...(blame ?? [])].map(({ path, event }) => [path, event.version]);
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
