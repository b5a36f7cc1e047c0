import type { Change, Store } from "@everdraft/core";
import { sameValue } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { expect } from "vitest";
import { plainTypes } from "../build/plain-types.ts";
import { anyState } from "../generators/any-value.ts";
import { librarySection } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { linesOf, order } from "./order.ts";
import type { StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;

/** The changes between two moments, for people. */
export const differences: StoreSection = librarySection("reading differences", {
  "fields that were added, removed and changed are listed with their paths": async ({ open }) => {
    const store = open<Plain>();
    const before = { a: 1, gone: "x", deep: { "with.dot": { n: 1 }, same: [1] }, d: new Date(5) };
    const after = { a: 2, deep: { "with.dot": { n: 2 }, same: [1], fresh: true }, d: new Date(6), kind: [] };
    const changes = await between(store, before, after);
    expect(changes).toHaveLength(6);
    expect(changes).toEqual(
      expect.arrayContaining([
        { kind: "changed", path: ["a"], before: 1, after: 2 },
        { kind: "removed", path: ["gone"], before: "x" },
        { kind: "changed", path: ["deep", "with.dot", "n"], before: 1, after: 2 },
        { kind: "added", path: ["deep", "fresh"], after: true },
        { kind: "changed", path: ["d"], before: new Date(5), after: new Date(6) },
        { kind: "added", path: ["kind"], after: [] },
      ]),
    );
  },

  "an element put into the middle of a list is one addition, one taken out one removal": async ({ open }) => {
    const store = open();
    const [abc, axbc] = [
      order({ lines: linesOf("A", "B", "C") }),
      order({ lines: linesOf("A", "X", "B", "C") }),
    ];
    const x = { id: "X", qty: 1 };
    const place = { path: ["lines", 1], named: ["lines", "X"] };
    expect(await between(store, abc, axbc, "o-1")).toEqual([{ kind: "added", ...place, after: x }]);
    expect(await between(store, axbc, abc, "o-2")).toEqual([{ kind: "removed", ...place, before: x }]);
  },

  "an element with an id is compared with itself, also where it stands elsewhere now": async ({ open }) => {
    const store = open();
    const before = order({ lines: linesOf("A", "B", "C") });
    const after = order({ lines: [{ id: "B", qty: 7 }, ...linesOf("C")] });
    const changes = await between(store, before, after);
    expect(changes).toHaveLength(2);
    const [gone, other] = [
      ["lines", "A"],
      ["lines", "B", "qty"],
    ];
    const before0 = { id: "A", qty: 1 };
    expect(changes).toContainEqual({ kind: "removed", path: ["lines", 0], named: gone, before: before0 });
    expect(changes).toContainEqual({
      kind: "changed",
      path: ["lines", 0, "qty"],
      named: other,
      before: 1,
      after: 7,
    });
  },

  "an element that moved is one move, also where it changes on the way": async ({ open }) => {
    const store = open();
    const before = order({ lines: linesOf("A", "B", "C", "D") });
    const moved = { kind: "moved", path: ["lines", 3], named: ["lines", "A"], from: ["lines", 0] };
    const after = order({ lines: linesOf("B", "C", "D", "A") });
    expect(await between(store, before, after)).toEqual([moved]);
    const changed = order({ lines: [...linesOf("B", "C", "D"), { id: "A", qty: 5 }] });
    expect(await between(store, before, changed, "o-2")).toEqual([
      moved,
      { kind: "changed", path: ["lines", 3, "qty"], named: ["lines", "A", "qty"], before: 1, after: 5 },
    ]);
  },

  "a long text that changed says which words": async ({ open }) => {
    const store = open<Plain>();
    const text = "the quick brown fox jumps over the lazy dog, ".repeat(3);
    const after = text.replace("brown", "red");
    expect(await between(store, { text }, { text: after })).toEqual([
      {
        kind: "changed",
        path: ["text"],
        before: text,
        after,
        text: [
          { kind: "same", text: "the quick " },
          { kind: "removed", text: "brown" },
          { kind: "added", text: "red" },
          { kind: "same", text: text.slice("the quick brown".length) },
        ],
      },
    ]);
  },

  "creation and deletion are the whole document": async ({ open, clock }) => {
    const store = open();
    const before = new Date(clock.now - 1);
    await store.create("o-1", "alice", order());
    await store.delete("o-1", "alice");
    const [made, gone] = [{ version: 1 }, { version: 2 }];
    expect(await store.diff("o-1", before, made)).toEqual([{ kind: "added", path: [], after: order() }]);
    // version 0 is before the creation, as a date before it is
    expect(await store.diff("o-1", { version: 0 }, made)).toEqual([
      { kind: "added", path: [], after: order() },
    ]);
    expect(await store.diff("o-1", made, gone)).toEqual([{ kind: "removed", path: [], before: order() }]);
    expect(await store.diff("o-1", before, gone)).toEqual([]);
    expect(await store.diff("o-1", made, made)).toEqual([]);
    expect(await store.diff("unknown", before, new Date(clock.now))).toEqual([]);
  },

  "moments may be versions or dates, and the later one may come first": async ({ open, clock }) => {
    const store = open();
    const dates: Date[] = [];
    for (const status of ["open", "paid", "sent"]) {
      if (status === "open") await store.create("o-1", "alice", order());
      else await store.replace("o-1", "alice", order({ status }));
      dates.push(new Date(clock.now));
      clock.forward(1000);
    }
    const [first, , last] = dates as [Date, Date, Date];
    const there = [{ kind: "changed", path: ["status"], before: "open", after: "sent" }];
    const back = [{ kind: "changed", path: ["status"], before: "sent", after: "open" }];
    expect(await store.diff("o-1", first, last)).toEqual(there);
    expect(await store.diff("o-1", { version: 1 }, last)).toEqual(there);
    expect(await open().diff("o-1", { version: 3 }, first)).toEqual(back);
  },

  "for any two states the paths lead to the values, and only equal states have no difference": async (
    bench,
  ) => {
    const store = bench.open<Plain>();
    let run = 0;
    const pair = fc.tuple(anyState(), anyState());
    const property = fc.asyncProperty(pair, async ([before, after]) => {
      const changes = await between(store, before, after, `doc-${run++}`);
      expect(changes.length === 0).toBe(sameValue(before, after, plainTypes));
      for (const change of changes) {
        if (change.kind === "removed") expect(change.before).toEqual(valueAt(before, change.path));
        else if (change.kind === "moved")
          expect(recognisedBy(valueAt(after, change.path))).toEqual(
            recognisedBy(valueAt(before, change.from)),
          );
        else expect(change.after).toEqual(valueAt(after, change.path));
      }
    });
    await fc.assert(property, seeded(60));
  },
});

/** The differences between two states of a new document. */
async function between<T extends object>(
  store: Store<T>,
  before: NoInfer<T>,
  after: NoInfer<T>,
  id = "o-1",
): Promise<readonly Change[]> {
  await store.create(id, "alice", before);
  const { version } = await store.replace(id, "alice", after);
  return store.diff(id, { version: 1 }, { version });
}

/** The part of an element by which it is followed: its own id, where it has one, else all of it. */
function recognisedBy(element: unknown): unknown {
  const { id, _id, key } = Object(element) as Record<string, unknown>;
  const own = id ?? _id ?? key;
  return typeof own === "string" || typeof own === "number" ? own : element;
}

function valueAt(state: unknown, path: Change["path"]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], state);
}
