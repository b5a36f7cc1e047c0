import { statSync } from "node:fs";
import type { SourceRevision } from "@everdraft/git-history";
import { expect, test, vi } from "vitest";
import { packedFile, packedHistory } from "../src/packed-history.ts";

vi.setConfig({ testTimeout: 60_000 });

test("The packed history has at least 200 revisions of one document, in order, and no notes", async () => {
  const source = await packedHistory();
  const revisions: SourceRevision[] = [];
  for await (const revision of source.revisions()) revisions.push(revision);
  expect(revisions.length).toBeGreaterThanOrEqual(200);
  expect(revisions).toHaveLength(source.total);
  expect(new Set(revisions.map(({ id }) => id))).toEqual(new Set(source.ids));
  for (const [i, { at, by, state, reason }] of revisions.entries()) {
    expect(at.getTime()).toBeGreaterThanOrEqual(revisions[i - 1]?.at.getTime() ?? 0);
    expect(by).toMatch(/^editor-\d+$/);
    expect(state === null || typeof state === "object").toBe(true);
    expect(reason).toBeUndefined();
  }
});

test("The packed history is small", () => {
  expect(statSync(packedFile).size).toBeLessThan(150_000);
});
