import { defineProjection } from "@everdraft/core";
import { rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { refused } from "./refusals.ts";
import { portCall } from "./store-bench.ts";
import { type StoreSection, storeSection } from "./store-section.ts";

type Plain = Record<string, unknown>;

/** As JSON Schemas, configuration files and references have them, and what engines take for their own words. */
const schema: Plain = { $schema: "https://example.org/schema.json", $id: "order", title: "Order", n: 1 };
const states: Readonly<Record<string, Plain>> = {
  schema,
  reference: { $ref: "#/definitions/line", $id: "order", $db: "orders", title: "$title" },
  operators: { $set: { n: 2 }, $inc: 1, $where: "return true", $literal: { $eq: [1, "$$ROOT"] }, title: "a" },
  alone: { $ref: "order" },
  bare: { $: null },
};

/** Names at the top of a state that begin with $. */
export const dollarNames: StoreSection = storeSection("names at the top that begin with $", {
  "are stored and given back, whichever call brings them": async (bench) => {
    const store = bench.open<Plain>();
    const cold = () => bench.open<Plain>({ cache: { maxBytes: 0 } });
    for (const [name, state] of Object.entries(states)) {
      await store.create(name, "alice", state);
      await store.create(`edited ${name}`, "alice", { n: 0 });
      await cold().edit(
        `edited ${name}`,
        "bob",
        (draft) => void Object.assign(draft, structuredClone(state)),
      );
      await store.create(`replaced ${name}`, "alice", { n: 0 });
      await store.replace(`replaced ${name}`, "bob", state);
      await store.import([{ id: `imported ${name}`, at: new Date(5), by: "alice", state }]);
      for (const [id, kept] of [
        [name, state],
        [`edited ${name}`, { n: 0, ...state }],
        [`replaced ${name}`, state],
        [`imported ${name}`, state],
      ] as const) {
        for (const one of [store, cold()]) {
          expect(await one.get(id), id).toEqual(kept);
          expect((await one.read(id))?.state).toEqual(kept);
        }
        expect(await store.verify(id)).toMatchObject({ ok: true, findings: [] });
      }
    }
    const found = await cold().find({}).toArray();
    expect(found.filter(({ id }) => id in states).map(({ id, state }) => [id, state])).toEqual(
      Object.entries(states).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  },

  "can be changed, taken away and brought back, and their past is kept": async (bench) => {
    const store = bench.open<Plain>();
    await store.create("d", "alice", schema);
    const changed = await store.edit(
      "d",
      "bob",
      (draft) => void Object.assign(draft, { $id: "orders", n: 2 }),
    );
    expect(changed).toMatchObject({ view: "current", patches: [{ path: ["$id"] }, { path: ["n"] }] });
    const dropped = await bench.open<Plain>().edit("d", "bob", (draft) => void delete draft.$schema);
    expect(dropped).toMatchObject({ view: "current", patches: [{ op: "remove", path: ["$schema"] }] });
    await store.edit("d", "bob", (draft) => void Object.assign(draft, { title: "beside them" }));
    await store.delete("d", "carol");
    expect((await store.restore("d", "carol")).state).toEqual({ $id: "orders", n: 2, title: "beside them" });
    expect((await store.revert("d", "carol", { version: 1 })).state).toEqual(schema);
    for (const one of [store, bench.open<Plain>()]) {
      expect(await one.get("d")).toEqual(schema);
      expect(await one.stateAt("d", { version: 3 })).toEqual({ $id: "orders", title: "Order", n: 2 });
      expect(await one.history("d", { path: ["$schema"] }).toArray()).toHaveLength(5);
      expect(await one.verify("d")).toMatchObject({ ok: true, version: 7 });
    }
  },

  "are found by the names beside them, sorted, selected and counted": async (bench) => {
    const store = bench.open<Plain>();
    for (const [name, state] of Object.entries(states)) await store.create(name, "alice", state);
    expect(await store.count({ title: { $exists: true } })).toBe(3);
    expect((await store.find({ n: 1 }).toArray()).map(({ state }) => state)).toEqual([schema]);
    const sorted = await store.find({ title: { $exists: true } }, { sort: { title: 1 } }).toArray();
    expect(sorted.map(({ id }) => id)).toEqual(["reference", "schema", "operators"]);
    const selected = await store.find({ n: 1 }, { select: ["$schema", "n"] }).toArray();
    expect(selected.map(({ state }) => state)).toEqual([{ $schema: schema.$schema, n: 1 }]);
    for (const path of ["$schema", "$id", "$ref.x"])
      for (const ask of [
        () => store.find({ [path]: "order" }).toArray(),
        () => store.count({ $or: [{ [path]: "order" }] }),
        () => store.find({}, { sort: { [path]: 1 } }).toArray(),
      ])
        expect((await refused(ask(), "filter")).details).toMatchObject({ path });
  },

  "are in snapshots, in views that are made anew, and in rows": async (bench) => {
    const rows = (state: Plain): object => state;
    const projections = [defineProjection({ name: "copies", version: 1, rows })];
    const store = bench.open<Plain>({ projections });
    const text = "long enough for a snapshot ".repeat(2_000);
    for (const [name, state] of Object.entries(states)) {
      await store.create(name, "alice", { ...state, text });
      for (let i = 1; i < 4; i++)
        await store.edit(name, "bob", (draft) => void Object.assign(draft, { text: `${i} ${text}` }));
    }
    const names = Object.keys(states).toSorted();
    const [view] = await bench.port.views.get(["schema"], portCall);
    if (view === undefined) throw new Error("there is no view");
    const broken = { ...view, state: { $schema: "of somebody else" } };
    expect(await bench.port.views.write(broken, "any", portCall)).toBe("current");
    expect(await rebuild(store, { projection: "view" })).toMatchObject({
      complete: true,
      written: 1,
      failures: 0,
    });
    expect(await rebuild(store, { projection: "copies" })).toMatchObject({ complete: true, failures: 0 });
    const found = await store.rows("copies").find().toArray();
    expect(found.map(({ id }) => id).toSorted()).toEqual(names);
    for (const name of names) {
      const state = { ...states[name], text: `3 ${text}` };
      expect(await bench.open<Plain>().get(name)).toEqual(state);
      expect((await store.rows("copies").of(name))[0]?.row).toEqual(state);
      expect(await store.verify(name)).toMatchObject({ ok: true, version: 4 });
    }
    expect(bench.notices).toEqual([]);
  },
});
