import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The commands that docs/operations.md gives under a heading, in their order, each as its words. A test that runs them one by one
 * proves the page itself.
 */
export function stepsUnder(heading: string): readonly (readonly string[])[] {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/operations.md"), "utf8");
  const [, section] = page.split(`\n### ${heading}\n`);
  if (section === undefined) throw new Error(`operations.md has no heading ${heading}`);
  const [text = ""] = section.split(/\n##+ /);
  return text.split("\n").flatMap((line) => (line.startsWith("    ") ? [line.trim().split(" ")] : []));
}
