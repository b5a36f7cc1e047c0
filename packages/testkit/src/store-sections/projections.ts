import { defineProjection, type Notice, type State } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { lines } from "./line-rows.ts";
import { linesOf, type Order, order, setNote } from "./order.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

interface Touched {
  by: string[];
  last: Date;
  times: number;
}

/** Who touched an order, how often and when last. */
const touched = defineProjection<Touched>({
  name: "touched",
  version: 1,
  fold: (row, { by, at }) => ({
    by: [...new Set([...(row?.by ?? []), by])],
    last: at,
    times: (row?.times ?? 0) + 1,
  }),
});

const openBoth = ({ open }: StoreBench, options: Parameters<StoreBench["open"]>[0] = {}) =>
  open({ projections: [lines, touched], ...options });

/** Rows that follow from documents, kept after the view. */
export const projections: StoreSection = section(
  "projections",
  {
    "rows follow every kind of write, and go with the document": async (bench) => {
      const store = openBoth(bench);
      const ids = async (): Promise<string[]> =>
        (
          await store
            .rows(lines)
            .find({}, { sort: { line: 1 } })
            .toArray()
        ).map(({ row }) => row.line);
      await store.create("o-1", "alice", order({ lines: linesOf("a", "b") }));
      await store.create("o-2", "alice", order({ lines: linesOf("z") }));
      expect(await ids()).toEqual(["a", "b", "z"]);
      await store.edit("o-1", "bob", (draft) => void draft.lines.shift());
      expect(await ids()).toEqual(["b", "z"]);
      await store.replace("o-1", "bob", order({ lines: linesOf("c", "d", "e") }));
      expect(await ids()).toEqual(["c", "d", "e", "z"]);
      await store.revert("o-1", "carol", { version: 1 });
      expect(await ids()).toEqual(["a", "b", "z"]);
      await store.delete("o-1", "carol");
      expect(await ids()).toEqual(["z"]);
      expect(await store.rows(lines).of("o-1")).toEqual([]);
      await store.restore("o-1", "carol");
      expect(await ids()).toEqual(["a", "b", "z"]);
      expect(await store.rows(lines).count({ order: "o-1" })).toBe(2);
    },

    "a row carries its document and version, and is frozen": async (bench) => {
      const store = openBoth(bench);
      await store.create("o-1", "alice", order({ lines: linesOf("a") }));
      await store.edit("o-1", "alice", setNote("seen"));
      const [found] = await store.rows(lines).find({ line: "a" }).toArray();
      expect(found).toEqual({ id: "o-1", version: 2, row: { order: "o-1", line: "a", qty: 1 } });
      expect(Object.isFrozen(found?.row)).toBe(true);
    },

    "a fold over the events sees each of them once, in order, whoever wrote them": async (bench) => {
      const [one, two] = [openBoth(bench), openBoth(bench)];
      await one.create("o-1", "alice", order());
      for (let n = 0; n < 5; n++) {
        await (n % 2 === 0 ? two : one).edit("o-1", n % 2 === 0 ? "bob" : "carol", setNote(`${n}`));
      }
      const [found] = await one.rows(touched).of("o-1");
      expect(found).toMatchObject({ version: 6, row: { by: ["alice", "bob", "carol"], times: 6 } });
      await one.delete("o-1", "dave");
      expect(await one.rows(touched).of("o-1")).toEqual([]);
      await one.restore("o-1", "dave");
      expect((await one.rows(touched).of("o-1"))[0]?.row).toMatchObject({ times: 8 });
    },

    "rows that a crash left behind are caught up by the next read, or by a sweep": async (bench) => {
      const plain = bench.open();
      await openBoth(bench).create("o-1", "alice", order({ lines: linesOf("a") }));
      await plain.create("o-2", "alice", order({ lines: linesOf("b") }));
      await plain.edit("o-1", "bob", (draft) => void draft.lines.push({ id: "late", qty: 1 }));
      const store = openBoth(bench);
      await store.read("o-1");
      expect((await store.rows(lines).of("o-1")).map(({ row }) => row.line)).toEqual(["a", "late"]);
      await store.sweep();
      expect((await store.rows(lines).of("o-2")).map(({ row }) => row.line)).toEqual(["b"]);
      expect((await store.rows(touched).of("o-1"))[0]?.row).toMatchObject({ times: 2, by: ["alice", "bob"] });
    },

    "a new version of a projection is read once it is complete, the old one until then": async (bench) => {
      await openBoth(bench).create("o-1", "alice", order({ lines: linesOf("a") }));
      const second = defineProjection({
        name: "lines",
        version: 2,
        rows: (given: State<Order>) => ({ line: given.customer }),
      });
      const store = bench.open({ projections: [second] });
      await store.create("o-2", "alice", order({ lines: linesOf("b") }));
      expect((await store.rows("lines").find().toArray()).map(({ row }) => row.line)).toEqual(["a"]);
    },

    "an import is projected too": async (bench) => {
      const store = openBoth(bench);
      const at = new Date(bench.clock.now - 10_000);
      await store.import([{ id: "o-1", at, by: "alice", state: order({ lines: linesOf("a", "b") }) }]);
      expect(await store.rows(lines).count()).toBe(2);
    },
  },
  {
    "rows that cannot be written fail no edit, and are written once they can be": async (bench) => {
      let refuses = true;
      const storage = wrapStorage(
        bench.storage,
        () => ({
          rows: {
            write: async (...given) => {
              if (refuses) throw new Error("the rows are away");
              return (await bench.port.rows("lines.v1", [], portCall)).write(...given);
            },
          },
        }),
        { rowsWithEvents: false },
      );
      const store = bench.open({ storage, projections: [lines] });
      expect(await store.create("o-1", "alice", order({ lines: linesOf("a") }))).toMatchObject({
        version: 1,
      });
      expect(bench.notices.map(({ type }) => type)).toContain("rows-behind");
      refuses = false;
      expect((await store.rows(lines).find().toArray()).map(({ row }) => row.line)).toEqual(["a"]);
    },

    "rows that cannot be written keep no reader of documents waiting, and finds of rows say that they lack some":
      async (bench) => {
        const away = new Error("the rows are away");
        const storage = wrapStorage(bench.storage, () => ({ rows: { write: () => Promise.reject(away) } }), {
          rowsWithEvents: false,
        });
        const store = bench.open({ storage, projections: [lines] });
        expect(await store.create("o-1", "alice", order({ lines: linesOf("a") }))).toMatchObject({
          view: "current",
        });
        expect(await store.edit("o-1", "alice", setNote("on"))).toMatchObject({
          version: 2,
          view: "current",
        });
        // less than a reader of rows waits
        const soon = { timeoutMs: 900 };
        expect(await store.get("o-1", soon)).toMatchObject({ note: "on" });
        expect(await store.find({ note: "on" }, soon).toArray()).toHaveLength(1);
        expect(await store.count({}, soon)).toBe(1);
        const found = store.rows(lines).find();
        expect(await found.toArray()).toEqual([]);
        expect(found.incomplete).toBe(true);
        expect(await store.rows(lines).count()).toBe(0);
        expect(await store.rows(lines).of("o-1")).toEqual([]);
        expect(bench.notices).toContainEqual({ type: "rows-incomplete", projection: "lines" });
      },

    "an error in a projection fails no edit, names document and version, and the others are kept": async (
      bench,
    ) => {
      const heard: Notice[] = [];
      const picky = defineProjection({
        name: "picky",
        version: 1,
        rows: (given: State<Order>) => {
          if (given.note === "poison") throw new Error("cannot be projected");
          return { note: given.note ?? "" };
        },
      });
      const store = bench.open({
        projections: [picky, lines],
        onNotice: (notice) => void heard.push(notice),
      });
      await store.create("o-1", "alice", order({ note: "fine", lines: linesOf("a") }));
      const written = await store.edit("o-1", "bob", (draft) => {
        draft.note = "poison";
        draft.lines.push({ id: "b", qty: 1 });
      });
      expect(written).toMatchObject({ version: 2, changed: true, view: "current" });
      const [notice] = heard.filter(({ type }) => type === "projection-failed");
      expect(notice).toMatchObject({ id: "o-1", version: 2, cause: { code: "projection" } });
      expect(await store.rows(picky).of("o-1")).toMatchObject([{ version: 1, row: { note: "fine" } }]);
      expect(await store.rows(lines).of("o-1")).toHaveLength(2);
      const failures = await bench.port.checkpoints.list("failure:", { limit: 10 }, portCall);
      expect(failures).toMatchObject([{ value: { projection: "picky", doc: "o-1", version: 2 } }]);
      await store.edit("o-1", "bob", setNote("fine again"));
      expect(await store.rows(picky).of("o-1")).toMatchObject([{ version: 3, row: { note: "fine again" } }]);
      expect(await bench.port.checkpoints.list("failure:", { limit: 10 }, portCall)).toEqual([]);
    },

    "a projection that is given a state cannot change it": async (bench) => {
      const changing = defineProjection({
        name: "changing",
        version: 1,
        rows: (given: State<Order>) => {
          (given.lines as Order["lines"]).push({ id: "smuggled", qty: 1 });
          return [];
        },
      });
      const store = bench.open({ projections: [changing] });
      await store.create("o-1", "alice", order());
      expect(bench.notices.map(({ type }) => type)).toContain("projection-failed");
      expect(await store.get("o-1")).toEqual(order());
    },
  },
);
