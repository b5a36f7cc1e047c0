import { expect, test } from "vitest";
import { historiesFile, readHistories } from "../src/real-data/histories.ts";

test("a file of histories that is named and missing is an error that says so", () => {
  const missing = () => historiesFile("/nowhere/histories.jsonl.br");
  expect(missing).toThrow('EVERDRAFT_HISTORIES names "/nowhere/histories.jsonl.br", which is not there');
});

test("where none is named, the packed history of the repository is read, line by line", async () => {
  const revisions = [];
  for await (const { id, rev, at, by, doc } of readHistories(historiesFile(""))) {
    expect(doc === null || typeof doc === "object").toBe(true);
    revisions.push({ id, rev, at, by });
  }
  expect(revisions.length).toBeGreaterThan(100);
  expect(revisions.every(({ at, by }) => at > 0 && by !== "")).toBe(true);
  expect(revisions.map(({ rev }) => rev)).toEqual(revisions.map((_, i) => i + 1));
  expect(new Set(revisions.map(({ id }) => id)).size).toBe(1);
});
