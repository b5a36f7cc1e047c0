import type { ChangedEvent, HistoryQuery, Store } from "@everdraft/core";
import { changesBetween } from "@everdraft/core/changes";
import { sameValue } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { expect } from "vitest";
import { plainTypes } from "../build/plain-types.ts";
import { leavesOf, oracleBlame, placeBefore } from "../oracle/oracle-blame.ts";
import { librarySection } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { anyLife } from "./any-life.ts";
import { linesOf, order } from "./order.ts";
import { type Third, third, twoOld } from "./people.ts";
import { live } from "./random-lives.ts";
import { refused } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

type Path = NonNullable<HistoryQuery["path"]>;
type Plain = Record<string, unknown>;

/** The events that changed the value at one place of a document. */
export const historiesOfPlaces: StoreSection = librarySection("histories of places", {
  "an element is followed back to wherever it stood, in both orders and page by page": async (bench) => {
    const store = await turned(bench);
    const wanted: readonly [Path, number[]][] = [
      [
        ["lines", 0],
        [1, 3, 6],
      ],
      [
        ["lines", 0, "qty"],
        [1, 3, 6],
      ],
      [["lines", 0, "id"], [1]],
      [["lines", 1], [4]],
      [["lines", 2], [1]],
      [["lines"], [1, 2, 3, 4, 6]],
      [["status"], [1, 5]],
      [[], [1, 2, 3, 4, 5, 6]],
    ];
    for (const [path, expected] of wanted) {
      expect({ path, versions: await versions(store, { path }) }).toEqual({ path, versions: expected });
      expect(await versions(store, { path: path.map(String) })).toEqual(expected);
      expect(await versions(store, { path, order: "newest" })).toEqual(expected.toReversed());
      for (const direction of ["oldest", "newest"] as const) {
        const query = { path, order: direction, changes: true } as const;
        expect(await paged(store, query)).toEqual(await store.history("o-1", query).toArray());
      }
    }
  },

  "the changes are those at the place and inside of it, with the old values and the paths of then": async (
    bench,
  ) => {
    const store = await turned(bench);
    const named = ["lines", "A"];
    expect(await changesOf(store, { path: ["lines", 0] })).toEqual([
      [1, [{ kind: "added", path: ["lines", 0], named, after: { id: "A", qty: 1 } }]],
      [3, [{ kind: "changed", path: ["lines", 1, "qty"], named: [...named, "qty"], before: 1, after: 5 }]],
      [
        6,
        [
          { kind: "moved", path: ["lines", 0], named, from: ["lines", 2] },
          { kind: "changed", path: ["lines", 0, "qty"], named: [...named, "qty"], before: 5, after: 7 },
        ],
      ],
    ]);
    expect(await changesOf(store, { path: ["status"], order: "newest" })).toEqual([
      [5, [{ kind: "changed", path: ["status"], before: "open", after: "paid" }]],
      [1, [{ kind: "added", path: ["status"], after: "open" }]],
    ]);
    expect(await changesOf(store, { path: ["status"], by: "bob" })).toEqual([]);
  },

  "a path is one of the state at its moment, and no later event is listed": async (bench) => {
    const store = await turned(bench);
    // at version 2 the element is at 1, and at 0 is the other one
    expect(await versions(store, { path: ["lines", 1], at: { version: 2 } })).toEqual([1]);
    expect(await versions(store, { path: ["lines", 1], at: { version: 3 } })).toEqual([1, 3]);
    expect(await versions(store, { path: ["lines", 2], at: { version: 5 } })).toEqual([1, 3]);
    const third = (await store.read("o-1", { version: 3 }))?.at as Date;
    expect(await versions(store, { path: ["lines", 1], at: third })).toEqual([1, 3]);
    expect(await versions(store, { path: ["lines", 0], after: 1, before: 6 })).toEqual([3]);
    expect(await versions(store, { path: ["lines", 0], from: { version: 3 }, order: "newest" })).toEqual([
      6, 3,
    ]);
  },

  "a field is the same place each time that it is there, also before a deletion": async (bench) => {
    const store = bench.open<Plain>();
    await store.create("d", "alice", {
      note: "a",
      list: [{ id: 1, n: 1 }, { id: 2 }],
      deep: { list: [{ id: 3, n: 1 }] },
    });
    await store.edit("d", "bob", (draft) => void delete draft.note);
    await store.edit("d", "bob", (draft) => void Object.assign(draft, { note: "b", list: "none" }));
    await store.edit("d", "bob", (draft) => void delete draft.deep);
    await store.delete("d", "carol");
    await store.restore("d", "carol");
    await store.edit(
      "d",
      "bob",
      (draft) => void Object.assign(draft, { list: [{ id: 2 }, { id: 1, n: 2 }] }),
    );
    await store.edit("d", "bob", (draft) => void Object.assign(draft, { deep: {} }));
    await store.edit(
      "d",
      "bob",
      (draft) => void Object.assign(draft.deep as Plain, { list: [{ id: 9 }, { id: 3, n: 1 }] }),
    );
    const wanted: readonly [Path, number[]][] = [
      [["note"], [1, 2, 3, 5, 6]],
      // behind the time in which there was a text
      [
        ["list", 1, "n"],
        [1, 3, 7],
      ],
      [["list"], [1, 3, 5, 6, 7]],
      // behind the time in which the whole way was not there
      [
        ["deep", "list", 1, "n"],
        [1, 4, 9],
      ],
      [["deep", "list", 0], [9]],
    ];
    for (const [path, expected] of wanted)
      for (const direction of ["oldest", "newest"] as const) {
        const query = { path, order: direction, changes: true } as const;
        const events = await store.history("d", query).toArray();
        const found = events.map(({ version }) => version);
        const inOrder = direction === "oldest" ? expected : expected.toReversed();
        expect({ path, found }).toEqual({ path, found: inOrder });
        expect(await paged(store, query, "d")).toEqual(events);
      }
  },

  "a step may be a text or a number, in a list and in an object alike": async (bench) => {
    const store = bench.open<Plain>();
    await store.create("d", "alice", { list: [["a"], ["b"]], keyed: { 0: "a", "01": "b", 1: "c" } });
    await store.edit("d", "bob", ({ list }) => void ((list as string[][])[1] as string[]).push("c"));
    await store.edit("d", "bob", ({ keyed }) => void Object.assign(keyed as object, { 0: "x" }));
    await store.edit("d", "bob", ({ keyed }) => void Object.assign(keyed as object, { "01": "y" }));
    const cases: readonly [Path, number[]][] = [
      [
        ["list", "1"],
        [1, 2],
      ],
      [["list", "1", "0"], [1]],
      [["list", 1, "1"], [2]],
      [
        ["keyed", 0],
        [1, 3],
      ],
      [
        ["keyed", "0"],
        [1, 3],
      ],
      [
        ["keyed", "01"],
        [1, 4],
      ],
      [["keyed", 1], [1]],
    ];
    for (const [path, wanted] of cases)
      expect({ path, versions: await versions(store, { path }, "d") }).toEqual({ path, versions: wanted });
    await refused(versions(store, { path: ["list", "01"] }, "d"), "no_such_place");
  },

  "a path that is not there is refused with the moment that was looked at": async (bench) => {
    const store = await turned(bench);
    const absent = async (query: HistoryQuery, id = "o-1") =>
      (await refused(store.history(id, query).toArray(), "no_such_place")).details;
    expect(await absent({ path: ["lines", 3] })).toEqual({
      id: "o-1",
      path: ["lines", 3],
      version: 6,
      found: "document",
    });
    expect(await absent({ path: ["lines", 2], at: { version: 3 } })).toMatchObject({ version: 3 });
    expect(await absent({ path: ["status", "x"] })).toMatchObject({ found: "document" });
    expect(await absent({ path: ["status"], at: new Date(0) })).toMatchObject({
      version: 0,
      found: "nothing",
    });
    expect(await absent({ path: ["status"] }, "none")).toMatchObject({ version: 0, found: "nothing" });
    await refused(store.history("o-1", { path: ["status"], at: { version: 7 } }).toArray(), "version_ahead");
    await store.delete("o-1", "alice");
    expect(await absent({ path: ["status"] })).toMatchObject({ version: 7, found: "nothing" });
    expect(await versions(store, { path: ["status"], at: { version: 6 } })).toEqual([1, 5]);
  },

  "a path is one of the store's schema, also where events are of an older one": async (bench) => {
    const { newer } = await twoOld(bench);
    await newer.edit("p", "bob", (draft) => void draft.phones.push("2"));
    const store = bench.open<Third>(third);
    const last = await store.history("p", { path: ["last"], changes: true }).toArray();
    expect(last.map(({ version, changes }) => [version, changes])).toEqual([
      [1, [{ kind: "added", path: ["last"], after: "Byron" }]],
      [2, [{ kind: "changed", path: ["last"], before: "Byron", after: "Lovelace" }]],
    ]);
    expect(await versions(store, { path: ["phones", 0] }, "p")).toEqual([1]);
    expect(await versions(store, { path: ["phones", 1], order: "newest" }, "p")).toEqual([3]);
  },

  "a page goes on where the one before ended, whatever was stored in between": async (bench) => {
    for (const direction of ["oldest", "newest"] as const) {
      const store = await turned(bench, direction);
      const query = { path: ["lines", 0], order: direction } as const;
      const first = await store.history(direction, query).page({ limit: 1 });
      await store.edit(direction, "bob", (draft) => void draft.lines.reverse());
      const second = await store.history(direction, query).page({ limit: 5, cursor: first.next ?? "" });
      const listed = [...first.items, ...second.items].map(({ version }) => version);
      expect(listed).toEqual(direction === "oldest" ? [1, 3, 6] : [6, 3, 1]);
      expect(second.next).toBeUndefined();
    }
  },

  "for any life, each value's history begins with the events that blame names, walking back": async (
    bench,
  ) => {
    const store = bench.open<Plain>();
    let run = 0;
    const property = fc.asyncProperty(anyLife(1), async (turns) => {
      const id = `doc-${run++}`;
      const states = (await live(id, turns, [store], bench.clock)).map(({ state }) => state);
      if (states.at(-1) === undefined) return;
      for (const path of leavesOf(states.at(-1))) {
        const found = await versions(store, { path, order: "newest" }, id);
        const wanted = walkBack(states, path);
        expect({ path, found: found.slice(0, wanted.length) }).toEqual({ path, found: wanted });
        expect(await versions(store, { path }, id)).toEqual(found.toReversed());
      }
    });
    await fc.assert(property, seeded(10));
  },

  "for any life, the history of a field is each event after which it differs, with these changes": async (
    bench,
  ) => {
    const store = bench.open<Plain>();
    let run = 0;
    const property = fc.asyncProperty(anyLife(1), async (turns) => {
      const id = `doc-${run++}`;
      const states = (await live(id, turns, [store], bench.clock)).map(
        ({ state }) => state as Plain | undefined,
      );
      for (const key of Object.keys(states.at(-1) ?? {})) {
        const only = (state: Plain | undefined) =>
          state !== undefined && Object.hasOwn(state, key) ? { [key]: state[key] } : {};
        const pairs = states.map((state, i) => [only(states[i - 1]), only(state)] as const);
        const wanted = pairs.flatMap(([before, after], i) =>
          sameValue(before, after, plainTypes) ? [] : [[i + 1, changesBetween(before, after)]],
        );
        expect(await changesOf(store, { path: [key] }, id)).toEqual(wanted);
      }
    });
    await fc.assert(property, seeded(10));
  },
});

/**
 * A document in six events: A and B, turned over, A's quantity, X between them, another status, and turned over with A's quantity.
 */
async function turned({ open, clock }: StoreBench, id = "o-1") {
  const store = open();
  const edits: ((draft: ReturnType<typeof order>) => void)[] = [
    (draft) => void draft.lines.reverse(),
    (draft) => void Object.assign(draft.lines[1] ?? {}, { qty: 5 }),
    (draft) => void draft.lines.splice(1, 0, { id: "X", qty: 3 }),
    (draft) => void Object.assign(draft, { status: "paid" }),
    (draft) => {
      draft.lines.reverse();
      Object.assign(draft.lines[0] ?? {}, { qty: 7 });
    },
  ];
  await store.create(id, "alice", order({ lines: linesOf("A", "B") }));
  for (const edit of edits) {
    clock.forward(1000);
    await store.edit(id, "alice", edit);
  }
  return store;
}

type Reader = Pick<Store<never>, "history">;

async function versions(store: Reader, query: HistoryQuery, id = "o-1"): Promise<number[]> {
  return (await store.history(id, query).toArray()).map(({ version }) => version);
}

async function changesOf(store: Reader, query: HistoryQuery, id = "o-1"): Promise<unknown[]> {
  const events = await store.history(id, { ...query, changes: true }).toArray();
  return events.map(({ version, changes }) => [version, changes]);
}

async function paged(
  store: Reader,
  query: HistoryQuery & { readonly changes: true },
  id = "o-1",
): Promise<ChangedEvent[]> {
  const events: ChangedEvent[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await store.history(id, query).page({ limit: 1, ...(cursor !== undefined && { cursor }) });
    events.push(...page.items);
    if (page.next === undefined) return events;
    cursor = page.next;
  }
}

/** The numbers of the states (from 1) that set the value at a path of the last one, newest first, until one brought it. */
function walkBack(states: readonly unknown[], path: Path): number[] {
  const version = oracleBlame(states, path);
  let place: Path | undefined = path;
  for (let n = states.length; n >= version && place !== undefined; n--)
    place = n === 1 ? undefined : placeBefore(states[n - 2], states[n - 1], place);
  return place === undefined ? [version] : [version, ...walkBack(states.slice(0, version - 1), place)];
}
