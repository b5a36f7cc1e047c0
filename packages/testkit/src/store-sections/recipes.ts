import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { linesOf, type Order, order } from "./order.ts";
import type { StoreSection } from "./store-bench.ts";

/** A document with a value that recipes put in several places. */
interface Case {
  item: { x: number; deep?: { y: number } };
  log: { was: { x: number; deep?: { y: number } } }[];
  spare?: { x: number };
}

/** The things that recipes may do with their draft, and that a replay gives the same states. */
export const recipes: StoreSection = librarySection("recipes", {
  "a part of the draft may be put into a new object, after or before it is changed": async (bench) => {
    const store = bench.open<Case>();
    await store.create("c", "alice", { item: { x: 1, deep: { y: 1 } }, log: [] });
    const edited = await store.edit("c", "alice", (draft) => {
      draft.item.x = 2;
      draft.log.push({ was: draft.item });
      if (draft.item.deep) draft.item.deep.y = 3;
    });
    const both = { x: 2, deep: { y: 3 } };
    expect(edited.state).toEqual({ item: both, log: [{ was: both }] });
    expect(await bench.open<Case>().stateAt("c", { version: 2 })).toEqual(edited.state);
  },

  "what was put in several places lives on as values of their own": async (bench) => {
    const store = bench.open<Case>();
    await store.create("c", "alice", { item: { x: 1 }, log: [] });
    await store.edit("c", "alice", (draft) => {
      draft.spare = draft.item;
      draft.log.push({ was: draft.item }, { was: draft.item });
    });
    const { state } = await store.edit("c", "alice", (draft) => {
      draft.item.x = 5;
    });
    expect(state).toEqual({ item: { x: 5 }, spare: { x: 1 }, log: [{ was: { x: 1 } }, { was: { x: 1 } }] });
    expect(await bench.open<Case>().stateAt("c", { version: 3 })).toEqual(state);
  },

  "one object of the caller's may be put in several places": async ({ open }) => {
    const store = open<Case>();
    const mine = { x: 1 };
    const item = { x: 7 };
    await store.create("c", "alice", { item, spare: item, log: [{ was: item }] });
    const { state } = await store.edit("c", "alice", (draft) => {
      draft.spare = mine;
      draft.log.push({ was: mine });
      draft.item.x = 8;
    });
    expect(state).toEqual({ item: { x: 8 }, spare: { x: 1 }, log: [{ was: { x: 7 } }, { was: { x: 1 } }] });
    mine.x = 2;
    expect(await store.get("c")).toEqual(state);
  },

  "a recipe may return its draft": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const edited = await store.edit("o-1", "bob", (draft) => {
      draft.status = "paid";
      return draft;
    });
    expect(edited).toMatchObject({ changed: true, state: { status: "paid" } });
  },

  "arrays may be sorted, reversed, spliced, cut, filtered and copied within": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order({ lines: linesOf("C", "A", "D", "B") }));
    const steps: readonly [(draft: Order) => void, string][] = [
      [({ lines }) => void lines.sort((a, b) => (a.id < b.id ? -1 : 1)), "A B C D"],
      [({ lines }) => void lines.reverse(), "D C B A"],
      [({ lines }) => void lines.splice(1, 2, ...linesOf("X")), "D X A"],
      [({ lines }) => void lines.unshift(...linesOf("Y", "Z")), "Y Z D X A"],
      [({ lines }) => void lines.push(lines.shift() as never), "Z D X A Y"],
      [
        (draft) => {
          draft.lines = draft.lines.filter(({ id }) => id !== "X");
        },
        "Z D A Y",
      ],
      [({ lines }) => void lines.copyWithin(0, 2, 3), "A D A Y"],
      [
        ({ lines }) => {
          lines.length = 1;
        },
        "A",
      ],
      [
        (draft) => {
          draft.lines = [...draft.lines, ...draft.lines];
        },
        "A A",
      ],
      [
        (draft) => {
          draft.lines = [];
        },
        "",
      ],
    ];
    for (const [step, ids] of steps) {
      const { state, version } = await store.edit("o-1", "bob", (draft) => void step(draft));
      expect(state.lines.map(({ id }) => id).join(" ")).toBe(ids);
      expect(await bench.open().stateAt("o-1", { version })).toEqual(state);
    }
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 11 });
  },

  "a recipe that throws stores nothing, and the next one works on the old state": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const failing = store.edit("o-1", "bob", (draft) => {
      draft.status = "half done";
      throw new RangeError("no");
    });
    await expect(failing).rejects.toThrow(new RangeError("no"));
    const edited = await store.edit("o-1", "bob", (draft) => {
      draft.note = draft.status;
    });
    expect(edited).toMatchObject({ version: 2, state: { status: "open", note: "open" } });
  },

  "a recipe sees plain values, dates and bytes of the newest state": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order({ placed: new Date(5), mark: Uint8Array.of(1) }));
    let seen: unknown;
    await store.edit("o-1", "bob", (draft) => {
      seen = { keys: Object.keys(draft), time: draft.placed?.getTime(), first: draft.mark?.[0] };
      draft.placed = new Date((draft.placed?.getTime() ?? 0) + 1);
    });
    const keys = expect.arrayContaining(["customer", "status", "lines", "placed", "mark"]);
    expect(seen).toEqual({ keys, time: 5, first: 1 });
    expect((await store.get("o-1"))?.placed).toEqual(new Date(6));
  },
});
