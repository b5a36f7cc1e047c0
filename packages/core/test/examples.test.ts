// The examples of doc comments: each is compiled, and run on a store of its own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";

const source = join(import.meta.dirname, "../src");
// inside of the package, so that its own imports are found
const folder = mkdtempSync(join(import.meta.dirname, ".examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Example {
  /** The file, and the name that the comment stands before. */
  readonly title: string;
  readonly code: string;
}

/** A doc comment with an example, and the name behind it. */
const commented =
  /\/\*\*(?:(?!\*\/)[\s\S])*?@example\n([\s\S]*?)\*\/\s*(?:export )?(?:async )?(?:function |const |type )?(\w+)/g;

function examplesOf(file: string): Example[] {
  const text = readFileSync(join(source, file), "utf8");
  return [...text.matchAll(commented)].map(([, code = "", name]) => ({
    title: `${name} in ${file}`,
    code: code.replaceAll(/^\s*\* ?/gm, "").trimEnd(),
  }));
}

function moduleOf(code: string): string {
  return `
import { createStore, current, defineProjection, isEverdraftError, newId, original, type State } from "@everdraft/core";
import { changesBetween, formatChanges, formatPath, toJsonPatch } from "@everdraft/core/changes";
import { memoryStorage } from "@everdraft/core/memory";
import { countBehind, dropIndex, dropOldRows, inspect, listIndexes, migrate, rebuild, verify } from "@everdraft/core/upkeep";
import { lines, type Order, prepared, recipe } from "../examples/scene.ts";

export async function run(): Promise<void> {
  const orders = await prepared();
  const storage = memoryStorage();
  const console = { log: (..._: unknown[]): void => {}, error: (..._: unknown[]): void => {} };
  {
${code}
  }
}
`;
}

const examples = readdirSync(source, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".ts"))
  .flatMap(examplesOf);
for (const [i, { code }] of examples.entries())
  writeFileSync(join(folder, `example-${i}.ts`), moduleOf(code));

test.each(examples.map(({ title }, i) => [title, i] as const))(
  "the example of %s runs",
  { timeout: 60_000 },
  async (_, i) => {
    const { run } = (await import(/* @vite-ignore */ join(folder, `example-${i}.ts`))) as {
      run: () => Promise<void>;
    };
    await run();
  },
);

test("the examples compile", { timeout: 60_000 }, () => {
  const files = examples.map((_example, i) => `example-${i}.ts`);
  const options = { extends: "../../../../tsconfig.test.json", files, include: [], references: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    "bin/tsc",
  );
  execFileSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { stdio: "pipe" });
});

test("each call of a store has an example", () => {
  const files = ["store/store.ts"].concat(
    ["write-calls", "write-questions", "read-calls", "history-calls", "owner-calls"].map(
      (name) => `store/calls/${name}.ts`,
    ),
  );
  const texts = files.map((file) => readFileSync(join(source, file), "utf8"));
  const calls = new Set(
    texts.flatMap((text) => [...text.matchAll(/^ {2}(\w+)[<(]/gm)].map(([, name]) => name)),
  );
  const explained = examples.flatMap(({ title }) =>
    files.some((file) => title.endsWith(` in ${file}`)) ? [title.split(" ")[0]] : [],
  );
  expect(calls.size).toBeGreaterThan(20);
  expect(explained.toSorted()).toEqual([...calls].toSorted());
});
