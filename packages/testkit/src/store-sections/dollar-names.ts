import { defineProjection, type Store } from "@everdraft/core";
import { rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { refused } from "./refusals.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;

/** As JSON Schemas, configuration files and references have them, and names that engines take for their own words. */
const schema: Plain = { $schema: "https://example.org/schema.json", $id: "order", title: "Order", n: 1 };
const states: Readonly<Record<string, Plain>> = {
  schema,
  expression: { $id: "order", $db: "orders", title: "$title" },
  operators: { $set: { n: 2 }, $inc: 1, $where: "return true", $literal: { $eq: [1, "$$ROOT"] }, title: "a" },
  alone: { $ref: "order" },
  bare: { $: null },
};

/** A state that drivers of document stores take for a reference to another document. */
const reference: Plain = { title: "a", $ref: "#/definitions/line", n: 1, $id: "order", $db: "orders" };

/** Names at the top of a state that begin with $. */
export const dollarNames: StoreSection = section("names at the top that begin with $", {
  "are stored and given back, whichever call brings them": async (bench) => {
    for (const [name, state] of Object.entries(states)) await bringEveryWay(bench, name, state);
    const found = await bench.open<Plain>().find({}).toArray();
    expect(found.filter(({ id }) => id in states).map(({ id, state }) => [id, state])).toEqual(
      Object.entries(states).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  },

  "are stored and given back also where they look like a reference to another document": async (bench) => {
    await bringEveryWay(bench, "d", reference);
    const store = bench.open<Plain>({ cache: { maxBytes: 0 } });
    await store.edit("d", "bob", (draft) => void Object.assign(draft, { n: 2 }));
    await store.edit("d", "bob", (draft) => void delete draft.$ref);
    expect(await store.get("d")).toEqual({ title: "a", n: 2, $id: "order", $db: "orders" });
    await store.revert("d", "bob", { version: 1 });
    expect(await store.get("d")).toEqual(reference);
    const [found] = await store.find({ title: "a", _id: "d" }).toArray();
    expect(found).toMatchObject({ id: "d", version: 4, state: reference });
    expect(await store.verify("d")).toMatchObject({ ok: true, findings: [] });
  },

  "leave parts that look like references, with their names in any order, to be changed by any process":
    async (bench) => {
      const cold = () => bench.open<Plain>({ cache: { maxBytes: 0 } });
      const part = { n: 1, $id: 5, $ref: "x" };
      let state: Plain = { $schema: "s", part, list: [{ $id: 1, m: 2, $ref: "y" }, { ...part }], title: "a" };
      await bench.open<Plain>().create("d", "alice", state);
      const changes: readonly ((draft: Plain) => unknown)[] = [
        (draft) => Object.assign(draft.part as Plain, { n: 2 }),
        (draft) => Object.assign(draft, { $schema: "t" }),
        (draft) => Object.assign(draft, { part: { $db: "d", m: 1, $id: 6, $ref: "z" } }),
        (draft) => Object.assign(draft.part as Plain, { $id: 7 }),
        (draft) => (draft.list as Plain[]).unshift({ $ref: "w", $id: 8 }),
        (draft) => Object.assign((draft.list as [Plain, Plain])[1], { m: 3 }),
        (draft) => delete draft.$schema,
        (draft) => Object.assign(draft, { title: "b" }),
      ];
      for (const [i, change] of changes.entries()) {
        const written = await cold().edit("d", i % 2 === 0 ? "bob" : "carol", (draft) => void change(draft));
        state = structuredClone(state);
        change(state);
        expect({ change: String(change), view: written.view }).toEqual({
          change: String(change),
          view: "current",
        });
        expect(await cold().get("d")).toEqual(state);
      }
      expect(await cold().verify("d")).toMatchObject({ ok: true, findings: [] });
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
      const ofSchema = await one.history("d", { path: ["$schema"] }).toArray();
      expect(ofSchema.map(({ version }) => version)).toEqual([1, 3, 7]);
      expect(await one.verify("d")).toMatchObject({ ok: true, version: 7 });
    }
  },

  "are found by the names beside them, sorted, selected and counted": async (bench) => {
    const store = bench.open<Plain>();
    for (const [name, state] of Object.entries(states)) await store.create(name, "alice", state);
    expect(await store.count({ title: { $exists: true } })).toBe(3);
    expect((await store.find({ n: 1 }).toArray()).map(({ state }) => state)).toEqual([schema]);
    const sorted = await store.find({ title: { $exists: true } }, { sort: { title: 1 } }).toArray();
    expect(sorted.map(({ id }) => id)).toEqual(["expression", "schema", "operators"]);
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

  "are in snapshots, and in views that are made anew": async (bench) => {
    const store = bench.open<Plain>();
    const text = "long enough for a snapshot ".repeat(2_000);
    for (const [name, state] of Object.entries(states)) {
      await store.create(name, "alice", { ...state, text });
      for (let i = 1; i < 4; i++)
        await store.edit(name, "bob", (draft) => void Object.assign(draft, { text: `${i} ${text}` }));
    }
    const [view] = await bench.port.views.get(["schema"], portCall);
    if (view === undefined) throw new Error("there is no view");
    const broken = { ...view, state: { $schema: "of somebody else" } };
    expect(await bench.port.views.write(broken, "any", portCall)).toBe("current");
    expect(await rebuild(store, { projection: "view" })).toMatchObject({
      complete: true,
      written: 1,
      failures: 0,
    });
    for (const [name, state] of Object.entries(states)) {
      expect(await bench.open<Plain>().get(name)).toEqual({ ...state, text: `3 ${text}` });
      expect(await store.verify(name)).toMatchObject({ ok: true, version: 4 });
    }
    expect(bench.notices).toEqual([]);
  },

  "are in the rows of projections, written with their events and made anew": async (bench) => {
    const rows = (state: Plain): object => state;
    const projections = [defineProjection({ name: "copies", version: 1, rows })];
    const store = bench.open<Plain>({ projections });
    const all = { ...states, reference };
    for (const [name, state] of Object.entries(all)) {
      await store.create(name, "alice", { n: 0 });
      await store.replace(name, "bob", state);
    }
    const expectRows = async (one: Store<Plain>): Promise<void> => {
      const found = await one.rows("copies").find().toArray();
      expect(Object.fromEntries(found.map(({ id, row }) => [id, row]))).toEqual(all);
    };
    await expectRows(store);
    const again = bench.open<Plain>({
      projections: [defineProjection({ name: "copies", version: 2, rows })],
    });
    expect(await rebuild(again, { projection: "copies" })).toMatchObject({ complete: true, failures: 0 });
    await expectRows(again);
    expect(bench.notices).toEqual([]);
  },
});

/** A state through every call by which states come in: it has to be there, and its history whole. */
async function bringEveryWay(bench: StoreBench, name: string, state: Plain): Promise<void> {
  const store = bench.open<Plain>();
  const cold = () => bench.open<Plain>({ cache: { maxBytes: 0 } });
  await store.create(name, "alice", state);
  await store.create(`edited ${name}`, "alice", { n: 0 });
  await cold().edit(`edited ${name}`, "bob", (draft) => void Object.assign(draft, structuredClone(state)));
  await store.create(`replaced ${name}`, "alice", { n: 0 });
  await store.replace(`replaced ${name}`, "bob", state);
  await store.import([{ id: `imported ${name}`, at: new Date(5), by: "alice", state }]);
  const kept = {
    [name]: state,
    [`edited ${name}`]: { n: 0, ...state },
    [`replaced ${name}`]: state,
    [`imported ${name}`]: state,
  };
  for (const [id, wanted] of Object.entries(kept)) {
    for (const one of [store, cold()]) {
      expect(await one.get(id), id).toEqual(wanted);
      expect((await one.read(id))?.state).toEqual(wanted);
    }
    expect(await store.verify(id)).toMatchObject({ ok: true, findings: [] });
  }
}
