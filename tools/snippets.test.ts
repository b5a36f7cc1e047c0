import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = join(import.meta.dirname, "snippets.mjs");
let folder: string;
const page = (): string => join(folder, "README.md");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "snippets-"));
  writeFileSync(
    join(folder, "a.test.ts"),
    "  // #region one\n  run(`$&`);\n    // deeper\n  // #endregion one\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: "utf8" });
}

test("fills a fence from its region, and --check is red before and green after", () => {
  writeFileSync(page(), "# T\n<!-- snippet: a.test.ts#one -->\n```ts\nold\n```\nend\n");
  expect(run("--check")).toMatchObject({ status: 1, stderr: expect.stringContaining("stale") });
  expect(run().status).toBe(0);
  expect(readFileSync(page(), "utf8")).toBe(
    "# T\n<!-- snippet: a.test.ts#one -->\n```ts\nrun(`$&`);\n  // deeper\n```\nend\n",
  );
  expect(run("--check").status).toBe(0);
});

test.each([
  ["a missing region", "<!-- snippet: a.test.ts#two -->\n```ts\n```\n", "a.test.ts has no region two"],
  ["a missing file", "<!-- snippet: b.test.ts#one -->\n```ts\n```\n", "no such file"],
  [
    "a marker without a fence",
    "<!-- snippet: a.test.ts#one -->\ntext\n",
    "1 snippet markers, but 0 with a fence",
  ],
])("is red on %s", (_what, text, message) => {
  writeFileSync(page(), text);
  for (const args of [[], ["--check"]]) {
    expect(run(...args)).toMatchObject({ status: 1, stderr: expect.stringContaining(message) });
  }
  expect(readFileSync(page(), "utf8")).toBe(text);
});
