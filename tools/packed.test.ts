// The packages as they are published: bundled, and without the sources' export condition.
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

// processes of their own
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "everdraft-packed-"));
const modules = join(folder, "node_modules");
const packed = ["core", "sqlite-adapter", "mongo-adapter"] as const;

/** Packs a package, and unpacks it where Node finds it from the folder. Its dependencies are those of the workspace. */
function install(name: (typeof packed)[number]): void {
  const from = join("packages", name);
  const to = join(modules, "@everdraft", name);
  mkdirSync(to, { recursive: true });
  execFileSync("npx", ["-y", "pnpm@10", "pack", "--pack-destination", to], { cwd: from, stdio: "pipe" });
  const file = readdirSync(to).find((one) => one.endsWith(".tgz")) ?? "";
  execFileSync("tar", ["--extract", "--gzip", "--strip-components=1", "--file", file], { cwd: to });
  const { dependencies } = manifest(name);
  for (const dependency of Object.keys(dependencies)) {
    if (dependency.startsWith("@everdraft/")) continue;
    const link = join(modules, dependency);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(join(process.cwd(), from, "node_modules", dependency), link);
  }
}

function manifest(name: string): { dependencies: Record<string, string>; exports: Record<string, unknown> } {
  return JSON.parse(readFileSync(join(modules, "@everdraft", name, "package.json"), "utf8"));
}

/** What a program in the folder prints. */
function printed(program: string): string {
  const file = join(folder, "program.mjs");
  writeFileSync(file, program);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout.trim();
}

beforeAll(() => {
  for (const name of packed) install(name);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packages as they are published", () => {
  test("keep, read, explain and take back changes on SQLite, also by the code that is loaded when it is first used", () => {
    const program = `
import { createStore, isEverdraftError, UndoConflictError } from "@everdraft/core";
import { formatChanges } from "@everdraft/core/changes";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
const storage = sqliteStorage("packed.db");
const orders = createStore({ collection: "orders", storage });
await orders.create("o-1", "alice", { status: "open", lines: [{ id: "a", qty: 1 }], note: "one two three" });
await orders.edit("o-1", "bob", (draft) => void (draft.lines[0].qty = 2), { reason: "more" });
await orders.edit("o-1", "bob", (draft) => void (draft.note = "one 2 three"));
const blame = await orders.blame("o-1");
console.log(blame.at(["lines", 0, "qty"]).event.reason);
console.log(formatChanges(await orders.diff("o-1", { version: 1 }, { version: 2 })));
await orders.undo("o-1", "carol", { version: 2 });
console.log((await orders.find({ "lines.qty": 1 }).toArray()).length, await orders.count());
await orders.edit("o-1", "dora", (draft) => void (draft.note = "four"));
const conflict = await orders.undo("o-1", "carol", { version: 3 }).catch((error) => error);
console.log(conflict instanceof UndoConflictError, isEverdraftError(conflict, "undo_conflict"));
console.log((await verify(orders)).failures, (await rebuild(orders, { projection: "view" })).documents);
await orders.close();
await storage.close();`;
    expect(printed(program)).toMatchInlineSnapshot(`
      "more
      ~ lines › a › qty: 1 → 2
      1 1
      true true
      0 1"
    `);
  });

  test("give every entry that their manifests name", () => {
    const entries = packed
      .filter((name) => name !== "mongo-adapter")
      .flatMap((name) =>
        Object.keys(manifest(name).exports).map((entry) => `@everdraft/${name}${entry.slice(1)}`),
      )
      .filter((entry) => !entry.endsWith("/package.json"));
    const program = entries.map((entry) => `console.log(Object.keys(await import("${entry}")).length > 0);`);
    expect(printed(program.join("\n")).split("\n")).toEqual(entries.map(() => "true"));
  });

  test("hold each file that an entry or a map of it names", () => {
    for (const name of packed) {
      const root = join(modules, "@everdraft", name);
      const find = createRequire(join(root, "package.json")).resolve;
      for (const entry of Object.values(manifest(name).exports)) {
        if (typeof entry !== "object" || entry === null) continue;
        for (const file of Object.values(entry)) expect(() => find(join(root, String(file)))).not.toThrow();
      }
      const maps = readdirSync(join(root, "bundle"), { recursive: true, encoding: "utf8" });
      for (const map of maps.filter((one) => one.endsWith(".map"))) {
        const { sources } = JSON.parse(readFileSync(join(root, "bundle", map), "utf8"));
        for (const source of sources.filter((one: string) => one.includes("/src/")))
          expect(() => find(join(root, "bundle", dirname(map), source))).not.toThrow();
      }
    }
  });
});
