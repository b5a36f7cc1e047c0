import { createContext, runInContext } from "node:vm";
import type { Revision } from "@everdraft/core";
import { expect } from "vitest";
import { difference } from "../build/exact.ts";
import { plainTypes } from "../build/plain-types.ts";
import { librarySection } from "../sections/section.ts";
import { refused } from "./refusals.ts";
import type { StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;

const context = createContext({});
/** A value made by code of another realm, as Jest's tests, vm scripts and frames have it. */
const foreign = <V>(code: string): V => runInContext(`(${code})`, context);

const code = `{
  text: "a", n: 1, none: null, gone: undefined, when: new Date(5), bytes: new Uint8Array([1, 2]),
  list: [{ n: 1 }, [new Date(6), undefined]], bare: Object.assign(Object.create(null), { x: true }),
}`;
const given = (): Plain => foreign(code);
const kept: Plain = {
  text: "a",
  n: 1,
  none: null,
  when: new Date(5),
  bytes: Uint8Array.of(1, 2),
  list: [{ n: 1 }, [new Date(6), null]],
  bare: { x: true },
};

/** Values of vm contexts and test runners, whose Object, Array, Date and Uint8Array are others. */
export const otherRealms: StoreSection = librarySection("values of another realm", {
  "are values like any other, through every call by which states come in": async (bench) => {
    const store = bench.open<Plain>();
    await store.create("created", "alice", given());
    await store.create("edited", "alice", { n: 0 });
    await store.edit("edited", "bob", (draft) => void Object.assign(draft, given()));
    await store.create("put", "alice", { list: [] });
    await store.edit("put", "bob", (draft) => void (draft.list as unknown[]).push(given(), foreign("[1]")));
    await store.create("replaced", "alice", { n: 0 });
    await store.replace("replaced", "bob", given());
    await store.import([
      foreign<Revision<Plain>>(`{ id: "imported", at: new Date(7), by: "alice", state: ${code} }`),
    ]);
    for (const one of [store, bench.open<Plain>()]) {
      for (const id of ["created", "edited", "replaced", "imported"]) {
        expect(difference(await one.get(id), kept, plainTypes), id).toBeUndefined();
        expect(difference((await one.read(id))?.state, kept, plainTypes)).toBeUndefined();
        expect(await one.verify(id)).toMatchObject({ ok: true });
      }
      expect(difference(await one.get("put"), { list: [kept, [1]] }, plainTypes)).toBeUndefined();
    }
    expect((await store.history("imported").toArray())[0]?.at).toEqual(new Date(7));
  },

  "that equal what is there change nothing": async (bench) => {
    const store = bench.open<Plain>();
    await store.create("d", "alice", kept);
    expect(await store.replace("d", "bob", given())).toMatchObject({ changed: false });
    const equal = await store.edit("d", "bob", (draft) => {
      draft.when = foreign("new Date(5)");
      draft.bytes = foreign("new Uint8Array([1, 2])");
      draft.list = (given() as { list: unknown }).list;
    });
    expect(equal).toMatchObject({ changed: false, version: 1 });
  },

  "are meta, moments, filters and sorts like any other": async (bench) => {
    const store = bench.open<Plain>();
    const meta = foreign<object>("{ at: new Date(8), from: { tags: ['a'] } }");
    await store.create("d", "alice", kept, { meta });
    expect((await store.history("d").toArray())[0]?.meta).toEqual({ at: new Date(8), from: { tags: ["a"] } });
    const far = foreign<Date>("new Date(8.64e15)");
    for (const state of [await store.stateAt("d", far), await store.stateAt("d", foreign("{ version: 1 }"))])
      expect(difference(state, kept, plainTypes)).toBeUndefined();
    expect(await store.history("d", { from: foreign("new Date(0)"), to: far }).toArray()).toHaveLength(1);
    expect(await store.changes({ from: foreign("new Date(0)"), to: far }).toArray()).toHaveLength(1);
    expect(await store.revert("d", "bob", far)).toMatchObject({ changed: false });
    for (const filter of matching) {
      const found = await store.find(foreign(filter), foreign<object>("{ sort: { when: 1 } }")).toArray();
      expect({ filter, found: found.length }).toEqual({ filter, found: 1 });
      expect(await store.count(foreign(filter))).toBe(1);
    }
    expect(await store.count(foreign("{ when: new Date(6) }"))).toBe(0);
  },

  "are refused where they are no part of a state, with the same words": async (bench) => {
    const store = bench.open<Plain>();
    for (const [bad, reason] of refusedValues) {
      const error = await refused(store.create("d", "alice", { bad: foreign(bad) }), "value");
      expect({ bad, details: error.details }).toEqual({
        bad,
        details: { path: ["bad"], reason: expect.stringMatching(reason) },
      });
    }
    for (const state of ["[1]", "new Date(5)", "new Map()", "'text'"])
      await refused(store.create("d", "alice", foreign(state)), "value");
    await refused(store.find({ bad: foreign("{ a: 1 }") }).toArray(), "filter");
    await refused(store.find({ bad: foreign("/a/g") }).toArray(), "filter");
    await refused(store.find({ bad: foreign("new Date(NaN)") }).toArray(), "filter");
    await refused(store.stateAt("d", foreign("new Date(NaN)")), "moment");
  },
});

/** Filters that match the document. */
const matching: readonly string[] = [
  "{ when: new Date(5) }",
  "{ when: { $gte: new Date(5), $lt: new Date(6) } }",
  "{ when: { $in: [new Date(4), new Date(5)] } }",
  "{ bytes: new Uint8Array([1, 2]) }",
  "{ text: /^A$/i }",
  "{ text: { $not: /b/ } }",
  "{ list: { $elemMatch: { n: { $gt: 0 } } } }",
  "{ $or: [{ n: 5 }, { 'bare.x': true }] }",
];

const instance = (name: string): RegExp => new RegExp(`an instance of ${name} is not a plain value; store`);

const refusedValues: readonly (readonly [bad: string, reason: RegExp])[] = [
  ["new Map([[1, 2]])", instance("Map")],
  ["/a/", instance("RegExp")],
  ["new Error('a')", instance("Error")],
  ["new (class Account {})()", instance("Account")],
  ["new (class Bytes extends Uint8Array {})(2)", instance("Bytes")],
  ["new Int8Array(2)", instance("Int8Array")],
  ["new Date(NaN)", /the date is invalid/],
  ["Object.create(Date.prototype)", instance("Date")],
  ["Object.create({ inherited: 1 })", instance("Object")],
  ["Object.create(Object.create(null))", instance("an unnamed class")],
  [
    "new (class Bare extends null { constructor() { return Object.create(Bare.prototype); } })()",
    instance("Bare"),
  ],
];
