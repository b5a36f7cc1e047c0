import { expect } from "vitest";
import { nastyIds } from "../generators/nasty-ids.ts";
import { call, expectExact } from "./bench.ts";
import { type Section, section } from "./section.ts";

/** Where long work keeps its place. */
export const checkpoints: Section = section("checkpoints", {
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
});
