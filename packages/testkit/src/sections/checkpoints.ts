import { expect } from "vitest";
import { nastyIds } from "../generators/nasty-ids.ts";
import { call, expectExact, type PortSection } from "./bench.ts";
import { section } from "./section.ts";

/** Where long work keeps its place. */
export const checkpoints: PortSection = section("checkpoints", {
  "gives a record back exactly, and nothing under another name": async (bench) => {
    const record = {
      range: { from: "a", to: 12, done: false, nothing: null },
      list: [1, "two", new Date(1_700_000_000_123), [Uint8Array.of(1, 2)]],
      rate: 0.1 + 0.2,
    };
    await bench.checkpoints.put("rebuild/orders", record, call);
    expectExact(await bench.checkpoints.get("rebuild/orders", call), record, bench.types);
    expect(await bench.checkpoints.get("rebuild/order", call)).toBeUndefined();
  },

  "replaces a record wholly": async (bench) => {
    await bench.checkpoints.put("one", { old: 1, both: 1 }, call);
    await bench.checkpoints.put("one", { both: 2 }, call);
    expectExact(await bench.checkpoints.get("one", call), { both: 2 }, bench.types);
    await bench.checkpoints.put("one", {}, call);
    expectExact(await bench.checkpoints.get("one", call), {}, bench.types);
  },

  "is not changed by what happens to a record afterwards": async (bench) => {
    const record = { list: [1] };
    await bench.checkpoints.put("one", record, call);
    record.list.push(2);
    expectExact(await bench.checkpoints.get("one", call), { list: [1] }, bench.types);
  },

  "keeps records of every name apart": async (bench) => {
    for (const name of nastyIds) await bench.checkpoints.put(name, { name }, call);
    for (const name of nastyIds) expectExact(await bench.checkpoints.get(name, call), { name }, bench.types);
  },

  "keeps the records of two collections apart": async (bench) => {
    const other = await bench.storage.open("other", call);
    await bench.checkpoints.put("one", { of: "kit" }, call);
    await other.checkpoints.put("one", { of: "other" }, call);
    expectExact(await bench.checkpoints.get("one", call), { of: "kit" }, bench.types);
    expectExact(await other.checkpoints.get("one", call), { of: "other" }, bench.types);
  },

  "writes a revision only over the one before it, of several at once one": async (bench) => {
    const { swap, get } = bench.checkpoints;
    expect(await swap("one", { revision: 2, by: "early" }, call)).toBe(false);
    const firsts = await Promise.all(["a", "b", "c"].map((by) => swap("one", { revision: 1, by }, call)));
    expect(firsts.filter(Boolean)).toHaveLength(1);
    for (let revision = 2; revision <= 5; revision++) {
      const tries = await Promise.all(["a", "b", "c"].map((by) => swap("one", { revision, by }, call)));
      expect(tries.filter(Boolean)).toHaveLength(1);
    }
    expect(await get("one", call)).toMatchObject({ revision: 5 });
    expect(await swap("one", { revision: 5 }, call)).toBe(false);
    expect(await swap("one", { revision: 1 }, call)).toBe(false);
  },

  "begins revisions anew over a record that has none": async (bench) => {
    await bench.checkpoints.put("one", { revision: "unreadable" }, call);
    expect(await bench.checkpoints.swap("one", { revision: 1, done: 3 }, call)).toBe(true);
    expectExact(await bench.checkpoints.get("one", call), { revision: 1, done: 3 }, bench.types);
    await bench.checkpoints.put("two", { done: 2 }, call);
    expect(await bench.checkpoints.swap("two", { revision: 2, done: 3 }, call)).toBe(false);
    expect(await bench.checkpoints.swap("two", { revision: 1, done: 3 }, call)).toBe(true);
    expectExact(await bench.checkpoints.get("two", call), { revision: 1, done: 3 }, bench.types);
  },

  "lists the records of a beginning in order, in pages, and takes one away": async (bench) => {
    // the last two of the beginning change places where texts are compared by their UTF-16
    const names = ["job:a", "job:b\u00e9", "job:\uffff", "job:\u{1f600}", 'jobs"]%_', "other", "job"];
    for (const name of names) await bench.checkpoints.put(name, { name }, call);
    const list = async (after?: string, limit = 10) =>
      (await bench.checkpoints.list("job:", { ...(after && { after }), limit }, call)).map(
        ({ name }) => name,
      );
    expect(await list()).toEqual(names.slice(0, 4));
    expect(await list(undefined, 2)).toEqual(names.slice(0, 2));
    expect(await list("job:a")).toEqual(names.slice(1, 4));
    await bench.checkpoints.remove("job:a", call);
    await bench.checkpoints.remove("job:a", call);
    expect(await list()).toEqual(names.slice(1, 4));
    expect(await bench.checkpoints.get("job:a", call)).toBeUndefined();
    expect(await bench.checkpoints.list("", { limit: 10 }, call)).toHaveLength(6);
  },
});
