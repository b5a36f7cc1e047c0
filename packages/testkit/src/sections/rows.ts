import {
  type Append,
  type DocumentId,
  type PlainObject,
  type RowStore,
  rowId,
} from "@everdraft/core/adapter";
import { checkFilter } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { type Bench, call, expectExact, type PortSection, takesNumbers } from "./bench.ts";
import { section } from "./section.ts";

const open = (bench: Bench, name = "lines.v1"): Promise<RowStore> =>
  bench.rows(name, [{ keys: { sku: 1, qty: -1 } }], call);

async function write(
  rows: RowStore,
  doc: DocumentId,
  version: number,
  given: readonly PlainObject[],
  over: "lower" | "any" = "lower",
): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const outcome = await rows.write({ doc, version, rows: given }, over, call);
    if (outcome !== "behind") {
      expect(outcome).toBe("current");
      return;
    }
  }
  throw new Error("the rows are behind after 50 tries");
}

const line = (sku: string, qty = 1): PlainObject => ({ sku, qty });

async function found(rows: RowStore, bench: Bench, filter: object = {}): Promise<readonly unknown[]> {
  const checked = checkFilter(filter, bench.types);
  const page = await rows.find({ filter: checked, sort: [], limit: 1_000 }, call);
  expect(await rows.count(checked, call)).toBe(page.length);
  return page.map(({ state }) => state.sku);
}

/** The rows of projections: replaced for a document as one, guarded by its version. */
export const rows: PortSection = section("rows of projections", {
  "gives the rows of a document back exactly, in their order": async (bench) => {
    const store = await open(bench);
    const given = [
      { sku: "b", at: new Date(5), bytes: Uint8Array.of(1), inner: { list: [1, null, "x"] } },
      { sku: "a", "": 0, "dotted.key": -1.5 },
      ...Array.from({ length: 12 }, (_, i) => line(`s-${i}`, i)),
    ];
    await write(store, "o-1", 3, given);
    const [set, none] = await store.get(["o-1", "o-2"], call);
    expectExact(set, { doc: "o-1", version: 3, rows: given }, bench.types);
    expect(none).toBeUndefined();
  },

  "replaces all rows of a document over a lower version, and those of no other": async (bench) => {
    const store = await open(bench);
    await write(store, "o-1", 1, [line("a"), line("b"), line("c")]);
    await write(store, "o-10", 1, [line("other")]);
    await write(store, "o-1", 2, [line("d")]);
    expect(await found(store, bench)).toEqual(["d", "other"]);
    expect((await store.get(["o-1"], call))[0]).toEqual({ doc: "o-1", version: 2, rows: [line("d")] });
  },

  "leaves rows alone whose version is as high, unless it is a repair": async (bench) => {
    const store = await open(bench);
    await write(store, "o-1", 2, [line("new"), line("newer")]);
    await write(store, "o-1", 1, [line("old")]);
    await write(store, "o-1", 2, [line("same")]);
    expect(await found(store, bench)).toEqual(["new", "newer"]);
    await write(store, "o-1", 2, [line("repaired")], "any");
    expect(await found(store, bench)).toEqual(["repaired"]);
    await write(store, "o-1", 1, [line("fallen")], "any");
    expect((await store.get(["o-1"], call))[0]).toEqual({ doc: "o-1", version: 1, rows: [line("fallen")] });
  },

  "replaces the rows of many documents together as it would one by one, each on its own": async (bench) => {
    const store = await open(bench);
    await write(store, "o-1", 1, [line("a"), line("b")]);
    await write(store, "o-2", 3, [line("c")]);
    await write(store, "o-3", 2, [line("d")]);
    const wanted = [
      { doc: "o-1", version: 2, rows: [line("a2")] },
      { doc: "o-2", version: 2, rows: [line("late")] },
      { doc: "o-3", version: 3, rows: [] },
      { doc: "o-4", version: 1, rows: [line("e"), line("f")] },
    ];
    if (store.writeMany === undefined)
      for (const { doc, version, rows: given } of wanted) await write(store, doc, version, given);
    else expect(await store.writeMany(wanted, call)).toEqual(wanted.map(() => "current"));
    expect(await store.get(["o-1", "o-2", "o-3", "o-4"], call)).toEqual([
      wanted[0],
      { doc: "o-2", version: 3, rows: [line("c")] },
      wanted[2],
      wanted[3],
    ]);
    expect((await store.writeMany?.([], call)) ?? []).toEqual([]);
  },

  "writes rows with their event where it declares so, over a lower version alone, and says whether it did":
    async (bench) => {
      const store = await open(bench);
      await write(store, "o-2", 5, [line("newer")]);
      const chain = chainOf("o-1", 3, undefined, bench.types);
      const other = chainOf("o-2", 1, undefined, bench.types);
      const withRows = (appends: readonly Append[], sku: string): readonly Append[] =>
        appends.map((append) => {
          const { doc, version } = append.event;
          const set = { doc, version, rows: [line(sku)] };
          return append.view === undefined ? append : { ...append, rows: [{ name: "lines.v1", set }] };
        });
      const together = [...withRows(appendsOf(chain, 1, 1), "a"), ...withRows(appendsOf(other), "late")];
      const first = await bench.log.commit(together, "independent", call);
      const second = await bench.log.commit(withRows(appendsOf(chain, 2, 3), "b"), "chain", call);
      const taken = await bench.log.commit(withRows(appendsOf(chain, 3, 3), "twice"), "independent", call);
      const told = [...first, ...second, ...taken].map(
        (outcome) => outcome.event === "stored" && outcome.rows,
      );
      const found = await store.get(["o-1", "o-2"], call);
      const ofNewer = { doc: "o-2", version: 5, rows: [line("newer")] };
      if (bench.storage.capabilities.rowsWithEvents === true) {
        expect(told.map((one) => one === true)).toEqual([true, true, false, true, false]);
        expect(found).toEqual([{ doc: "o-1", version: 3, rows: [line("b")] }, ofNewer]);
      } else {
        expect(told).not.toContain(true);
        expect(found).toEqual([undefined, ofNewer]);
      }
    },

  "remembers that a document has no rows, so that late ones stay away": async (bench) => {
    const store = await open(bench);
    await write(store, "o-1", 1, [line("a")]);
    await write(store, "o-1", 2, []);
    expect((await store.get(["o-1"], call))[0]).toEqual({ doc: "o-1", version: 2, rows: [] });
    await write(store, "o-1", 1, [line("late")]);
    expect(await found(store, bench)).toEqual([]);
  },

  "keeps of many writers at once the rows of the highest version, and nothing of the others": async (
    bench,
  ) => {
    const store = await open(bench);
    const versions = [3, 1, 8, 5, 2, 7, 4, 6];
    for (let round = 0; round < 5; round++) {
      const doc = `o-${round}`;
      await Promise.all(
        versions.map(async (version, i) => {
          const given = Array.from({ length: 1 + (version % 4) }, (_, n) => line(`${version}-${n}`));
          // some together with others, where the storage has that
          if ((i + round) % 2 === 0) await store.writeMany?.([{ doc, version, rows: given }], call);
          await write(store, doc, version, given);
        }),
      );
      expect((await store.get([doc], call))[0]).toEqual({ doc, version: 8, rows: [line("8-0")] });
    }
    expect(await found(store, bench)).toEqual(["8-0", "8-0", "8-0", "8-0", "8-0"]);
  },

  "finds rows by their fields, sorts them, and pages behind one": async (bench) => {
    const store = await open(bench);
    await write(store, "o-1", 1, [line("a", 3), line("b", 1)]);
    await write(store, "o-2", 4, [line("a", 2), line("c", 9)]);
    const filter = checkFilter({ sku: "a" }, bench.types);
    const query = { filter, sort: [["qty", 1]] as const, limit: 1 };
    const [first] = await store.find(query, call);
    expect(first).toEqual({ id: rowId("o-2", 0), doc: "o-2", version: 4, state: line("a", 2) });
    const [second] = await store.find({ ...query, after: { id: first?.id ?? "", values: [2] } }, call);
    expect(second).toMatchObject({ doc: "o-1", state: line("a", 3) });
    const behind = { id: rowId("o-1", 0), values: [] };
    const rest = await store.find({ filter: {}, sort: [], after: behind, limit: 10 }, call);
    expect(rest.map(({ state }) => state.sku)).toEqual(["b", "a", "c"]);
  },

  "finds rows in the order of their ids as texts, which is not that of their documents": async (bench) => {
    const store = await open(bench);
    const docs: DocumentId[] = ["a!", "a", ...(takesNumbers(bench) ? [2, 10] : [])];
    for (const doc of docs) await write(store, doc, 1, [line("first"), line("second")]);
    const ids = docs.flatMap((doc) => [rowId(doc, 0), rowId(doc, 1)]).sort();
    for (const limit of [3, 100]) {
      const page = await store.find({ filter: {}, sort: [], limit }, call);
      expect(page.map(({ id }) => id)).toEqual(ids.slice(0, limit));
      const rest = await store.find(
        { filter: {}, sort: [], after: { id: ids[2] ?? "", values: [] }, limit },
        call,
      );
      expect(rest.map(({ id }) => id)).toEqual(ids.slice(3, 3 + limit));
    }
  },

  "tells which documents have rows or had some, in pages": async (bench) => {
    const store = await open(bench);
    const docs: DocumentId[] = ["o-3", "o-1", "o-2"];
    for (const doc of docs) await write(store, doc, 1, doc === "o-2" ? [] : [line("a")]);
    expect(await store.documents({ limit: 10 }, call)).toEqual(["o-1", "o-2", "o-3"]);
    expect(await store.documents({ after: "o-1", limit: 1 }, call)).toEqual(["o-2"]);
  },

  "keeps the rows of two documents apart whose ids are alike, or differ in kind alone": async (bench) => {
    const store = await open(bench);
    const ids = takesNumbers(bench) ? ["1", 1] : ["1", "1 "];
    for (const [i, id] of ids.entries()) await write(store, id, 1, [line(`${i}`)]);
    for (const [i, id] of ids.entries())
      expect((await store.get([id], call))[0]?.rows).toEqual([line(`${i}`)]);
  },

  "keeps projections apart, and drops one wholly": async (bench) => {
    const [one, two] = [await open(bench, "lines.v1"), await open(bench, "lines.v2")];
    await write(one, "o-1", 1, [line("one")]);
    await write(two, "o-1", 1, [line("two")]);
    await bench.dropRows("lines.v1", call);
    await bench.dropRows("lines.v1", call);
    expect(await found(two, bench)).toEqual(["two"]);
    const anew = await open(bench, "lines.v1");
    expect((await anew.get(["o-1"], call))[0]).toBeUndefined();
    expect(await found(anew, bench)).toEqual([]);
  },
});
