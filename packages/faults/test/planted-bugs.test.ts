import type { Storage } from "@everdraft/core/adapter";
import { faulty, randomFaults } from "@everdraft/testkit";
import { expect, test } from "vitest";
import type { Finding } from "../src/check/finding.ts";
import {
  withDuplicateAsConflict,
  withEarlyAck,
  withNewIdPerTry,
  withoutUniqueIndex,
  withoutViewGuard,
  withTimeOrderedReads,
} from "./support/planted.ts";
import { runInMemory } from "./support/run-in-memory.ts";

const seed = Number(process.env.SEED ?? 11);
const rates = {
  commit: { "lose-request": 0.05, "lose-reply": 0.05, "land-late": 0.03, "answer-again": 0.05 },
};
const underFaults = (storage: Storage) => faulty(storage, randomFaults(seed, rates, { landAfter: 5 }));

/** The kinds of findings, each once. */
function kinds(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ promise, kind }) => `${promise} ${kind}`))];
}

test(`without a bug nothing is found, with and without faults (seed ${seed})`, async () => {
  for (const between of [(storage: Storage) => storage, underFaults]) {
    const { findings, counts } = await runInMemory({ seed, acts: 600, between });
    expect(findings).toEqual([]);
    expect(counts.acknowledged).toBeGreaterThan(200);
    expect(counts.tried).toBeGreaterThanOrEqual(600);
  }
}, 120_000);

const planted: readonly [
  string,
  (storage: Storage) => Storage,
  readonly string[],
  ((storage: Storage) => Storage)?,
][] = [
  ["a slot without its unique index", withoutUniqueIndex, ["P2 wrong"], (storage) => storage],
  ["a new id for every try of an event", (storage) => withNewIdPerTry(underFaults(storage)), ["P3 doubled"]],
  ["views that are written without a guard", withoutViewGuard, ["P8 wrong"]],
  [
    "a duplicate key that counts as a conflict",
    (storage) => withDuplicateAsConflict(underFaults(storage)),
    ["P4 phantom"],
  ],
  ["reads in the order of times", withTimeOrderedReads, ["P5 wrong"]],
  ["inserts that are acknowledged before they returned", withEarlyAck, ["P3 lost"]],
];

test.each(planted)(
  "%s: the checker finds it",
  async (_, between, expected) => {
    let opened: Storage | undefined;
    const keep = (storage: Storage): Storage => {
      opened = between(storage);
      return opened;
    };
    const lookThrough = between === withoutUniqueIndex ? () => opened as Storage : undefined;
    // which acts meet a fault, and each other, differs from run to run: a bug that 300 acts do not show, more of them must show
    const found: Finding[] = [];
    for (let round = 0; round < 10 && !expected.every((kind) => kinds(found).includes(kind)); round++) {
      const run = { seed: seed + round, acts: 300, between: keep, ...(lookThrough && { lookThrough }) };
      found.push(...(await runInMemory(run)).findings);
    }
    expect(kinds(found)).toEqual(expect.arrayContaining([...expected]));
    // a verdict that does not say what and where is of no use
    for (const { doc, message } of found) expect([doc, message]).not.toContain("");
  },
  120_000,
);
