import { defineProjection } from "@everdraft/core";
import { DriftError } from "@everdraft/core/adapter";
import { countBehind, inspect, rebuild, type StoreFinding, verify } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { lines, writtenBefore } from "./line-rows.ts";
import { linesOf, order, setNote } from "./order.ts";
import { portCall, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** The faults that are found over all documents, and the facts about a store. */
export const verification: StoreSection = section(
  "verify and inspect",
  {
    "verify finds nothing where nothing is wrong, and tells how far it is": async (bench) => {
      const store = bench.open({ projections: [lines] });
      for (let n = 0; n < 5; n++) {
        await store.create(`o-${n}`, "alice", order({ lines: linesOf("a") }));
        await store.edit(`o-${n}`, "bob", setNote("seen"));
      }
      const heard: (number | undefined)[] = [];
      const findings: StoreFinding[] = [];
      const result = await verify(store, {
        rangeSize: 2,
        onProgress: ({ done, total }) => heard.push(done, total),
        onFinding: (finding) => findings.push(finding),
      });
      expect(findings).toEqual([]);
      expect(result).toEqual({ complete: true, documents: 5, repaired: 0, failures: 0 });
      expect(heard.slice(-2)).toEqual([5, 5]);
    },

    "verify finds views and rows that are wrong, says what repair would do, and repair does it": async (
      bench,
    ) => {
      const store = bench.open({ projections: [lines] });
      for (const id of ["o-1", "o-2", "o-3", "o-4"])
        await store.create(id, "alice", order({ lines: linesOf("a", "b") }));
      const rows = await bench.port.rows("lines.v1", [], portCall);
      await rows.write({ doc: "o-2", version: 1, rows: [{ line: "raw" }] }, "any", portCall);
      await rows.write({ doc: "o-ghost", version: 1, rows: [{ line: "ghost" }] }, "lower", portCall);
      const [view] = await bench.port.views.get(["o-3"], portCall);
      if (view !== undefined)
        await bench.port.views.write({ ...view, state: { raw: true } }, "any", portCall);
      const findings: StoreFinding[] = [];
      const options = { onFinding: (finding: StoreFinding) => findings.push(finding) };
      expect(await verify(store, options)).toMatchObject({
        complete: true,
        documents: 4,
        repaired: 0,
        failures: 3,
      });
      expect(findings.map(({ id, kind }) => `${id} ${kind}`).toSorted()).toEqual([
        "o-2 rows",
        "o-3 drift",
        "o-ghost orphan",
      ]);
      for (const { mend } of findings) expect(mend).toMatch(/write|take/);
      expect(await verify(store, { repair: true })).toMatchObject({ repaired: 3, failures: 0 });
      expect(await verify(store)).toMatchObject({ repaired: 0, failures: 0 });
      expect(await store.rows("lines").count()).toBe(8);
      expect(await store.get("o-3")).toEqual(order({ lines: linesOf("a", "b") }));
    },

    "a document whose events take a newer library is told of, and the others are verified and repaired":
      async (bench) => {
        const store = bench.open();
        for (const id of ["o-1", "o-2", "o-3"]) await store.create(id, "alice", order());
        const [view] = await bench.port.views.get(["o-3"], portCall);
        if (view !== undefined)
          await bench.port.views.write({ ...view, state: { raw: true } }, "any", portCall);
        const storage = wrapStorage(bench.storage, ({ log }) => ({
          log: {
            read: async (doc, ...rest) => {
              const events = await log.read(doc, ...rest);
              return doc === "o-2" ? events.map((event) => ({ ...event, format: 2 })) : events;
            },
          },
        }));
        const findings: StoreFinding[] = [];
        const result = await verify(bench.open({ storage }), {
          repair: true,
          rangeSize: 1,
          onFinding: (finding) => findings.push(finding),
        });
        expect(result).toEqual({ complete: true, documents: 3, repaired: 1, failures: 1 });
        expect(findings.map(({ id, kind }) => `${id} ${kind}`).toSorted()).toEqual([
          "o-2 unreadable",
          "o-3 drift",
        ]);
        expect(findings.find(({ id }) => id === "o-2")?.message).toContain("Update the library");
      },

    "verify passes by the rows of a projection that is not rebuilt yet": async (bench) => {
      await writtenBefore(bench);
      const store = bench.open({ projections: [lines] });
      expect(await verify(store)).toMatchObject({ complete: true, failures: 0 });
    },

    "countBehind counts the views that have not seen their newest event, and no others": async (bench) => {
      const store = bench.open();
      for (const id of ["o-1", "o-2", "o-3"]) await store.create(id, "alice", order());
      await store.edit("o-1", "bob", setNote("seen"));
      await store.delete("o-3", "bob");
      expect(await countBehind(store)).toEqual({ documents: 3, behind: 0 });
      const [view] = await bench.port.views.get(["o-1"], portCall);
      if (view !== undefined) await bench.port.views.write({ ...view, version: 1 }, "any", portCall);
      const heard: unknown[] = [];
      await countBehind(store, { onProgress: (counted) => heard.push(counted) });
      expect(heard).toEqual([{ documents: 3, behind: 1, first: "o-1", position: "o-3" }]);
      await verify(store, { repair: true });
      expect(await countBehind(store)).toEqual({ documents: 3, behind: 0 });
    },

    "inspect tells what there is": async (bench) => {
      const store = bench.open({ projections: [lines] });
      await store.create("o-1", "alice", order({ lines: linesOf("a", "b") }));
      await store.edit("o-1", "alice", setNote("seen"));
      await store.sweep();
      expect(await inspect(store)).toMatchObject({
        documents: 1,
        events: 2,
        snapshots: 0,
        failures: [],
        unfinished: [],
        problems: [],
        projections: [{ name: "lines", version: 1, active: 1, oldest: 1, rows: 2 }],
        sweptAt: new Date(bench.clock.now),
      });
    },
  },
  {
    "a view that the collection refuses is left by repair, and the others are mended": async (bench) => {
      const store = bench.open();
      for (const id of ["o-1", "o-2", "o-3"]) {
        await store.create(id, "alice", order());
        const [view] = await bench.port.views.get([id], portCall);
        if (view !== undefined)
          await bench.port.views.write({ ...view, state: { raw: true } }, "any", portCall);
      }
      const storage = wrapStorage(bench.storage, ({ views }) => ({
        views: {
          write: async (view, ...rest) => (view.id === "o-2" ? "refused" : views.write(view, ...rest)),
        },
      }));
      const result = await verify(bench.open({ storage }), { repair: true });
      expect(result).toEqual({ complete: true, documents: 3, repaired: 2, failures: 1 });
      expect(await bench.open().getMany(["o-1", "o-3"])).toEqual([order(), order()]);
    },

    "a view that its storage cannot read is found, hides no other, and is mended by repair and by rebuild":
      async (bench) => {
        for (const id of ["o-1", "o-2", "o-3"]) await bench.open().create(id, "alice", order());
        const broken = new Set(["o-2"]);
        const storage = wrapStorage(bench.storage, ({ views }) => ({
          views: {
            get: async (ids, ...rest) => {
              const id = ids.find((one) => broken.has(String(one)));
              if (id !== undefined) throw new DriftError({ id, version: 1, found: "unreadable" });
              return views.get(ids, ...rest);
            },
            write: async (view, over, ...rest) => {
              if (over === "any") broken.delete(String(view.id));
              return views.write(view, over, ...rest);
            },
          },
        }));
        const store = bench.open({ storage });
        const findings: StoreFinding[] = [];
        const options = { onFinding: (finding: StoreFinding) => findings.push(finding) };
        expect(await verify(store, options)).toMatchObject({ documents: 3, failures: 1 });
        expect(findings).toMatchObject([{ id: "o-2", kind: "drift" }]);
        expect(await countBehind(store)).toEqual({ documents: 3, behind: 1, first: "o-2" });
        expect(await store.verify("o-2")).toMatchObject({ ok: false, findings: [{ kind: "drift" }] });
        expect(await verify(store, { repair: true })).toMatchObject({ repaired: 1, failures: 0 });
        broken.add("o-3");
        expect(await rebuild(store, { projection: "view" })).toMatchObject({ written: 1, failures: 0 });
        expect(await verify(store)).toMatchObject({ failures: 0 });
      },

    "verify runs projections twice and tells of one that is not pure": async (bench) => {
      let n = 0;
      const impure = defineProjection({ name: "impure", version: 1, rows: () => ({ n: n++ }) });
      const store = bench.open({ projections: [impure] });
      await store.create("o-1", "alice", order());
      const findings: StoreFinding[] = [];
      await verify(store, { onFinding: (finding) => findings.push(finding) });
      expect(findings).toMatchObject([{ id: "o-1", kind: "impure", projection: "impure" }]);
    },

    "verify looks only at what it is asked for": async (bench) => {
      await writtenBefore(bench, 4);
      const store = bench.open();
      expect((await verify(store, { ids: ["o-1", "o-3"] })).documents).toBe(2);
      expect((await verify(store, { from: "o-1" })).documents).toBe(3);
      expect((await verify(store, { sample: 1e-9 })).documents).toBe(0);
    },

    "verify with a checkpoint goes on after a break, and begins anew once it is finished": async (bench) => {
      await writtenBefore(bench, 9);
      const store = bench.open();
      const stop = new AbortController();
      const options = { checkpoint: "nightly", rangeSize: 2, concurrency: 1 };
      const broken = await verify(store, {
        ...options,
        signal: stop.signal,
        onProgress: ({ done }) => done >= 4 && stop.abort(),
      });
      expect(broken).toMatchObject({ complete: false, documents: 4 });
      expect(await verify(store, options)).toMatchObject({ complete: true, documents: 10 });
      expect(await verify(store, options)).toMatchObject({ complete: true, documents: 10 });
    },
  },
);
