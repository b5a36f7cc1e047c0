import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import config from "../everdraft.config.ts";

const timeout = 120_000;
const example = join(import.meta.dirname, "..");
const everdraft = join(example, "../../packages/cli/dist/main.js");

async function node(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd: string = example,
): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env } };
  return (await promisify(execFile)(process.execPath, [...args], options)).stdout;
}

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-orders-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "orders.db");
}

test("Orders are taken, and their rows say what was sold and who had them in hand", { timeout }, async () => {
  const file = newFile();
  const said = ["A: 2", "B: 4", "o-1: alice, bob", "o-2: alice, carol", "o-3: bob", ""];
  expect(await node(["dist/main.js", file])).toBe(said.join("\n"));
  expect(await node(["dist/rebuild.js", file])).toBe(
    "lines: 3 orders, 0 written, 0 failed\ntouches: 3 orders, 0 written, 0 failed\n",
  );
});

test("The shortest example of the README makes, changes, reads back and reverts an order", {
  timeout,
}, async () => {
  const said = await node([join(example, "dist/first-steps.js")], {}, dirname(newFile()));
  expect(said).toMatch(/^1 \S+Z alice\n2 \S+Z bob\n\{ status: 'open' \}\n3 \{ status: 'open' \}\n$/);
});

test("The command works on the orders by the config", { timeout }, async () => {
  expect(Object.keys(config.stores)).toEqual(["orders"]);
  const file = newFile();
  await node(["dist/main.js", file]);
  const env = { ORDERS_URI: `sqlite:${file}` };
  expect(await node([everdraft, "projections", "list", "-q"], env)).toBe(
    "lines    v1  3 rows\ntouches  v1  3 rows\n",
  );
  expect(await node([everdraft, "history", "o-2", "--limit", "1"], env)).toMatch(
    /^v2 .* carol {2}edited {2}1 change: status {2}customer called\n$/,
  );
  expect(await node([everdraft, "rebuild", "lines", "--yes", "-q"], env)).toBe(
    "The rows of lines: 3 documents looked at, 0 written.\n",
  );
  expect(await node([everdraft, "verify", "-q"], env)).toBe("Verified 3 documents: nothing differs.\n");
});
