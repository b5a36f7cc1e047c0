import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { expect, test } from "vitest";
import { filledFolder, newFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const { DatabaseSync } = await loadEngine();
const timeout = 60_000;
const file = ["--uri", "sqlite:orders.db"];

test("backup copies the file with all its collections, and restore-backup puts it back and keeps the old file", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const made = await run(["backup", "copy.db", ...file], { cwd });
  expect(made).toMatchObject({ code: 0, err: "" });
  expect(made.out).toMatch(/^Copied sqlite:orders\.db to copy\.db: 1 collection \(orders\), [\d.]+ KB\.\n$/);
  expect((await run(["export", "--all", ...orders, "-q"], { cwd })).out).toBe(
    (await run(["export", "--all", "--uri", "sqlite:copy.db", "-q"], { cwd })).out,
  );
  await run(["revert", "o-1", "--to", "1", "--as", "alice", "--yes", "-q", ...orders], { cwd });
  const dry = await run(["restore-backup", "copy.db", "--dry-run", ...file], { cwd });
  expect(dry).toMatchObject({
    code: 0,
    out:
      "Put copy.db into the place of sqlite:orders.db\n  where: sqlite:orders.db, with all its collections\n" +
      "  the present file is kept under another name; no process may have it open\n",
  });
  expect((await run(["restore-backup", "copy.db", ...file], { cwd })).err).toContain("--yes is needed");
  const restored = await run(["restore-backup", "copy.db", "--yes", "-q", ...file], { cwd });
  expect(restored).toMatchObject({ code: 0, err: "" });
  const [, kept] =
    restored.out.match(
      /^Restored sqlite:orders\.db: 1 collection \(orders\), .*\nThe old file is now (\S+): delete it/,
    ) ?? [];
  expect((await run(["history", "o-1", "--json", ...orders], { cwd })).out.split("\n")).toHaveLength(5);
  const old = await run(["history", "o-1", "--json", "--uri", `sqlite:${kept}`], { cwd });
  expect(old.out.split("\n")).toHaveLength(6);
  expect((await run(["verify", "-q", ...orders], { cwd })).code).toBe(0);
});

test("backup never touches an existing file, and both commands name their mistakes", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const again = await run(["backup", "orders.ndjson", ...file], { cwd });
  expect(again).toMatchObject({ code: 2, out: "", err: expect.stringContaining("already") });
  const missing = await run(["backup", "copy.db", "--uri", "sqlite:mistyped.db"], { cwd });
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("There is no sqlite:mistyped.db") });
  expect(existsSync(join(cwd, "mistyped.db"))).toBe(false);
  const none = await run(["restore-backup", "orders.ndjson", "--yes", ...file], { cwd });
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining("no SQLite database") });
  const unnamed = await run(["restore-backup", "mistyped.db", "--yes", ...file], { cwd });
  expect(unnamed).toMatchObject({ code: 2, err: expect.stringContaining("there is no file") });
  for (const command of ["backup", "restore-backup"]) {
    const mongo = await run([command, "copy.db", "--yes", "--uri", "mongodb://127.0.0.1:9/orders"], { cwd });
    expect(mongo).toMatchObject({ code: 2, err: expect.stringContaining("mongodump") });
  }
  const byUri = await run(["backup", "copy.db", "--uri", "sqlite:file:orders.db"], { cwd });
  expect(byUri).toMatchObject({ code: 2, err: expect.stringContaining("not its URI") });
  expect(readdirSync(cwd).sort()).toEqual(["orders.db", "orders.ndjson"]);
});

test("restore-backup changes nothing while somebody has the file open: exit code 4", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  await run(["backup", "copy.db", "-q", ...file], { cwd });
  const other = new DatabaseSync(join(cwd, "orders.db"));
  other.exec("SELECT 1 FROM orders");
  const refused = await run(["restore-backup", "copy.db", "--yes", "-q", "--timeout", "0.1", ...file], {
    cwd,
  });
  expect(refused).toMatchObject({ code: 4, out: "", err: expect.stringContaining("is open somewhere") });
  other.close();
  expect(readdirSync(cwd).sort()).toEqual(["copy.db", "orders.db", "orders.ndjson"]);
});

test("of a config the stores' file is copied, once for all of them, and files are told apart by --store", {
  timeout,
}, async () => {
  const cwd = newFolder();
  const store = (uri: string, collection: string) => ({ uri: `sqlite:${uri}`, collection });
  const write = (stores: object): void =>
    writeFileSync(join(cwd, "everdraft.config.mjs"), `export default ${JSON.stringify({ stores })}`);
  write({
    orders: store("a.db", "orders"),
    customers: store("a.db", "customers"),
    other: store("b.db", "x"),
  });
  await run(["init", "--yes", "-q"], { cwd });
  const several = await run(["backup", "copy.db"], { cwd });
  expect(several).toMatchObject({
    code: 2,
    err: expect.stringMatching(/sqlite:a\.db.*sqlite:b\.db.*--store/),
  });
  expect((await run(["backup", "copy.db", "--store", "nobody"], { cwd })).err).toContain("has no store");
  write({ orders: store("a.db", "orders"), customers: store("a.db", "customers") });
  const made = await run(["backup", "copy.db", "--json"], { cwd });
  expect(JSON.parse(made.out)).toMatchObject({
    path: join(cwd, "copy.db"),
    collections: ["customers", "orders"],
  });
  const restored = await run(["restore-backup", "copy.db", "--json", "--yes"], { cwd });
  expect(JSON.parse(restored.out)).toMatchObject({ kept: expect.stringContaining("a.db.before-") });
  writeFileSync(
    join(cwd, "everdraft.config.mjs"),
    'export default { stores: { own: { storage: () => undefined, collection: "x" } } }',
  );
  expect(await run(["backup", "other.db"], { cwd })).toMatchObject({
    code: 2,
    err: expect.stringContaining("--uri sqlite:PATH"),
  });
});
