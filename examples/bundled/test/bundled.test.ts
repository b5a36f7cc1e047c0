import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";

const timeout = 120_000;
const example = join(import.meta.dirname, "..");
const node = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [...args], { cwd: example });

beforeAll(() => node("build.mjs"), timeout);

test.each(["bundle/main.mjs", "bundle/main.cjs"])(
  "%s runs, with the engine outside of it",
  { timeout },
  async (bundle) => {
    const folder = mkdtempSync(join(tmpdir(), "everdraft-bundled-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { stdout, stderr } = await node(bundle, join(folder, "orders.db"));
    expect({ stdout, stderr }).toEqual({
      stdout: "2 pieces\nv1 created by alice\nv2 edited by bob\n",
      stderr: "",
    });
    // the library is inside, its native engine is not
    const source = readFileSync(join(example, bundle), "utf8");
    expect(source).toContain("MutatedValueError");
    expect(source).not.toMatch(/from "@everdraft|require\("@everdraft|node-gyp-build/);
  },
);
