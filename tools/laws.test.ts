// ARCHITECTURE.md names for each law the files that prove it: they exist, and hold tests.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

/** Tests, or the kit's parts that become tests: checks, rows of bad input, and steps that expect something. */
const holdsTests = /\b(test|expect|describe\w*)(\.each)?\(|\bRefusedRow\b/;

/** The laws of the table, each with the files named beside it. */
function laws(text: string): { law: number; files: string[] }[] {
  return [...text.matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, law, proved]) => {
    const files: string[] = [];
    for (const name of proved?.match(/[\w./-]+\.tsx?/g) ?? []) files.push(found(name, files.at(-1)));
    return { law: Number(law), files };
  });
}

/** Where a name of the table is: a package's test, a file of the kit, or one beside the file named before it. */
function found(name: string, before: string | undefined): string {
  const places = [join("packages", name), join("packages/testkit/src", name)];
  if (before !== undefined) places.push(join(dirname(before), name));
  return places.find((place) => existsSync(join(root, place))) ?? name;
}

const table = laws(page);

test("the table has every law from the first on", () => {
  expect(table.map(({ law }) => law)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
});

describe.each(table)("law $law", ({ files }) => {
  test("is proved by files that exist and hold tests", () => {
    expect(files).not.toEqual([]);
    for (const file of files) {
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(holdsTests.test(readFileSync(join(root, file), "utf8")), file).toBe(true);
    }
  });
});

test("a file that is gone, and a law without one, are noticed", () => {
  const [gone, none] = laws("| 1 | it holds | core/test/gone.test.ts |\n| 2 | it holds | nobody knows |\n");
  expect(gone?.files.filter((file) => existsSync(join(root, file)))).toEqual([]);
  expect(none?.files).toEqual([]);
});
