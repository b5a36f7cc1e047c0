import type { DocumentId } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { at, type Bench, call, endless, type PortSection, store, versions } from "./bench.ts";
import { section } from "./section.ts";

/** Which events and documents a read gives, and in which order. */
export const ranges: PortSection = section("order and ranges", {
  "includes both bounds of a range": async (bench) => {
    await withHistory(bench, 20);
    expect(await range(bench, 5, 8)).toEqual([5, 6, 7, 8]);
    expect(await range(bench, 1, 1)).toEqual([1]);
    expect(await range(bench, 20, 20)).toEqual([20]);
    expect(await range(bench, 7, 7)).toEqual([7]);
  },

  "gives what there is of a range that reaches beyond the head": async (bench) => {
    await withHistory(bench, 20);
    expect(await range(bench, 18, 100)).toEqual([18, 19, 20]);
    expect(await range(bench, 18, Number.MAX_SAFE_INTEGER)).toEqual([18, 19, 20]);
    expect(await range(bench, 21, 100)).toEqual([]);
    expect(await range(bench, 9, 8)).toEqual([]);
  },

  "gives the oldest events of a range that holds more than the limit": async (bench) => {
    await withHistory(bench, 20);
    expect(await range(bench, 4, 20, 3)).toEqual([4, 5, 6]);
    expect(await range(bench, 4, 6, 3)).toEqual([4, 5, 6]);
    expect(await range(bench, 4, 5, 3)).toEqual([4, 5]);
    expect(await range(bench, 1, 20, 1)).toEqual([1]);
  },

  "gives every event once, whatever the size of the pages": async (bench) => {
    const whole = await withHistory(bench, 23);
    for (const limit of [1, 2, 7, 22, 23, 24]) {
      const paged: number[] = [];
      for (;;) {
        const page = await range(bench, paged.length + 1, 23, limit);
        paged.push(...page);
        expect(paged.length, endless).toBeLessThanOrEqual(whole.length);
        if (page.length < limit) break;
      }
      expect(paged).toEqual(whole);
    }
  },

  "orders versions as numbers, past 9, 99, 255 and 256": async (bench) => {
    const whole = await withHistory(bench, 300);
    expect(await versions(bench, "a")).toEqual(whole);
    expect(await range(bench, 98, 101)).toEqual([98, 99, 100, 101]);
    expect(await range(bench, 254, 257)).toEqual([254, 255, 256, 257]);
    expect((await bench.log.head("a", 0, call))?.version).toBe(300);
  },

  "finds the head from any version that the caller has seen": async (bench) => {
    await withHistory(bench, 12);
    for (const known of [0, 1, 6, 11, 12]) expect((await bench.log.head("a", known, call))?.version).toBe(12);
  },

  "reads one document, and nothing of its neighbours": async (bench) => {
    const docs = ["a", "a ", "a.b", "aa", "A", "b"];
    for (const [i, doc] of docs.entries()) await store(bench, appendsOf(chainOf(doc, i + 1)), "chain");
    for (const [i, doc] of docs.entries()) {
      expect(await versions(bench, doc)).toEqual(Array.from({ length: i + 1 }, (_, v) => v + 1));
      expect((await bench.log.head(doc, 0, call))?.version).toBe(i + 1);
    }
  },

  "lists documents with events in order, each once, the deleted ones too": async (bench) => {
    for (const doc of ["m", "c", "x", "a"]) await store(bench, appendsOf(chainOf(doc, 3)), "chain");
    await store(bench, appendsOf(chainOf("d", [{ n: 1 }, undefined])), "chain");
    await bench.views.write(viewAfter(eventOf({ doc: "view only" }), { n: 1 }), "lower", call);
    expect(await bench.log.documents({ limit: 10 }, call)).toEqual(["a", "c", "d", "m", "x"]);
  },

  "lists only documents behind the one given, whether that has events or not": async (bench) => {
    for (const doc of ["a", "c", "e"]) await store(bench, appendsOf(chainOf(doc, 1)));
    expect(await bench.log.documents({ after: "a", limit: 10 }, call)).toEqual(["c", "e"]);
    expect(await bench.log.documents({ after: "b", limit: 10 }, call)).toEqual(["c", "e"]);
    expect(await bench.log.documents({ after: "b", limit: 1 }, call)).toEqual(["c"]);
    expect(await bench.log.documents({ after: "e", limit: 10 }, call)).toEqual([]);
  },

  "lists every document once, whatever the size of the pages": async (bench) => {
    const docs = Array.from({ length: 17 }, (_, i) => `doc-${String(i).padStart(2, "0")}`);
    await store(
      bench,
      docs.map((doc) => ({ event: eventOf({ doc }) })),
    );
    for (const limit of [1, 2, 16, 17, 18]) {
      const paged: DocumentId[] = [];
      for (;;) {
        const after = paged.at(-1);
        const page = await bench.log.documents({ limit, ...(after !== undefined && { after }) }, call);
        paged.push(...page);
        expect(paged.length, endless).toBeLessThanOrEqual(docs.length);
        if (page.length < limit) break;
      }
      expect(paged).toEqual(docs);
    }
  },
});

async function withHistory(bench: Bench, length: number): Promise<number[]> {
  const chain = chainOf("a", length);
  await store(bench, appendsOf(chain), "chain");
  // a neighbour on either side, so that a range without its document would show
  await store(bench, [{ event: eventOf({ doc: "B" }) }, { event: eventOf({ doc: "b" }) }]);
  expect(at(chain.events, length - 1).version).toBe(length);
  return Array.from({ length }, (_, i) => i + 1);
}

async function range(bench: Bench, from: number, to: number, limit = 1000): Promise<number[]> {
  return (await bench.log.read("a", { from, to, limit }, call)).map(({ version }) => version);
}
