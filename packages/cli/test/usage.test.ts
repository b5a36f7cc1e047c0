import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { expect, test } from "vitest";
import { filledFolder, newFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const { DatabaseSync } = await loadEngine();

const timeout = 120_000;
const commands = [
  ...[
    "init",
    "status",
    "doctor",
    "history",
    "show",
    "diff",
    "blame",
    "find",
    "edit",
    "revert",
    "undo",
    "redo",
    "rebuild",
    "migrate",
    "verify",
    "sweep",
    "projections",
    "indexes",
  ],
  ...["import", "export", "backup", "restore-backup"],
];

test("--help lists every command, and the help of each has an example", { timeout }, async () => {
  const cwd = newFolder();
  const { code, out } = await run(["--help"], { cwd });
  expect(code).toBe(0);
  await expect(out).toMatchFileSnapshot("golden/help.txt");
  for (const command of commands) {
    expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    const helped = await run([command, "--help"], { cwd });
    expect(helped).toMatchObject({ code: 0, err: "" });
    expect(helped.out).toMatch(new RegExp(`Examples?:\\n {2}\\$ .*everdraft ${command}`));
    expect(helped.out).toContain("--uri <uri>");
  }
  expect((await run(["--version"], { cwd })).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("docs/cli.md has a heading for every command, and the exit codes of --help", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/cli.md"), "utf8");
  const headings = [...page.matchAll(/^## ([a-z-]+)$/gm)].map(([, name]) => name);
  expect(headings.sort()).toEqual([...commands].sort());
  for (const code of [0, 1, 2, 3, 4, 130]) expect(page).toMatch(new RegExp(`^\\| ${code} \\| `, "m"));
});

test("A command line that cannot be understood is exit code 2, in a sentence", { timeout }, async () => {
  const cwd = await filledFolder();
  const cases: [string[], RegExp][] = [
    [[], /^Name a command: everdraft --help lists them\.$/],
    [["histroy", "o-1"], /^unknown command 'histroy'\n\(Did you mean history\?\)\nSee: everdraft --help$/],
    [["history", ...orders], /^missing required argument 'id'/],
    [["show", "o-1", "--ta", "3", ...orders], /^unknown option '--ta'/],
    [["show", "o-1", "--at", "soon", ...orders], /^"soon" is no moment\. Give a version \(3\), a date/],
    [["history", "o-1", "--limit", "none", ...orders], /^--limit takes a whole number from 1, not "none"\.$/],
    [
      ["history", "o-1", "--type", "chnged", ...orders],
      /^There is no type of event "chnged"; there are created, /,
    ],
    [["history", "o-1", "--at", "2", ...orders], /^--at is the moment of --path, and there is none/],
    [["history", "o-1", "--path", "[1", ...orders], /^The path "\[1" is no JSON list of keys and indexes\.$/],
    [["rebuild", "--range-size", "0", ...orders], /^--range-size takes a whole number from 1, not "0"\.$/],
    [["verify", "--repair", "--sample", "2", ...orders], /^--sample takes a part above 0, up to 1/],
    [["verify", "o-1", "--from", "a", ...orders], /^--from is for all documents/],
    [["find", "--sort", "--qty", ...orders], /^--sort takes fields: /],
    [["find", "--sort", "qty:-1", ...orders], /^--sort takes fields: /],
    [
      ["status", "--uri", "mongodb://h:99999/d", "--collection", "a"],
      /^a: The connection string cannot be used: /,
    ],
    [["find", "{ status", ...orders], /^This is not JSON: /],
    [
      ["find", "--count", "--limit", "1", ...orders],
      /^--count counts all that match: it takes no --limit\.$/,
    ],
    [["find", "--count", "--deleted", ...orders], /^--count counts all that match: it takes no --deleted\.$/],
    [["find", "--deleted", "--at", "2026-03-01", ...orders], /^--deleted is about .*: it takes no --at\.$/],
    [["find", "--at", "3", ...orders], /^"3" is a version, and here a date is needed, such as 2026-03-01\.$/],
    [["find", "--at", "soon", ...orders], /^"soon" is no moment\./],
    [["find", '{ "$where": "1" }', ...orders], /^This filter cannot be used: /],
    [
      ["revert", "o-1", "--to", "1", ...orders],
      /^--as is missing: the user who does it, such as --as alice\.$/,
    ],
    [["revert", "o-1", "--as", "dora", ...orders], /^--to is missing: the moment to go back to: /],
    [
      ["import", ...orders],
      /^Say where from: one of --git REPO PATHS…, --jsonl FILE, --from-collection NAME\.$/,
    ],
    [["import", "--git", ".", ...orders], /^--git needs the PATHS of the files in the repository\.$/],
    [["export", ...orders], /^Name documents by their ids, or give --all\.$/],
    [
      ["status", "--uri", "postgres://h/d", "--collection", "a"],
      /^The connection string "postgres:\/\/h\/d" is neither /,
    ],
    [["status", "--uri", "mongodb://h", "--collection", "a"], /^The connection string names no database/],
  ];
  for (const [args, err] of cases) {
    const ended = await run(args, { cwd });
    expect({ code: ended.code, out: ended.out }, args.join(" ")).toEqual({ code: 2, out: "" });
    expect(ended.err.trimEnd()).toMatch(err);
  }
});

test("A file that another process holds is exit code 4", { timeout }, async () => {
  const cwd = await filledFolder();
  const other = new DatabaseSync(join(cwd, "orders.db"));
  other.exec("BEGIN IMMEDIATE");
  const edit = ["edit", "o-2", "--as", "dora", "--from", "-", "--yes", "--quiet", ...orders];
  const busy = await run([...edit, "--timeout", "0.5"], { cwd, input: "{}" });
  other.exec("ROLLBACK");
  other.close();
  expect(busy).toMatchObject({ code: 4, out: "" });
  expect((await run(edit, { cwd, input: "{}" })).code).toBe(0);
  expect((await run([...edit, "--timeout", "soon"], { cwd, input: "{}" })).code).toBe(2);
});

test("A mistyped name makes nothing, and those that are there are named", { timeout }, async () => {
  const cwd = await filledFolder();
  const before = readdirSync(cwd);
  for (const command of [
    ["status"],
    ["show", "o-1"],
    ["history", "o-1"],
    ["edit", "o-1", "--as", "a"],
    ["verify"],
  ]) {
    const collection = await run([...command, "--uri", "sqlite:orders.db", "--collection", "ordres"], {
      cwd,
    });
    expect(collection.code).toBe(2);
    expect(collection.err).toMatch(
      /There is no collection "ordres" in sqlite:orders\.db; it has "orders"\. Only init and import make one\.\n$/,
    );
    const file = await run([...command, "--uri", "sqlite:ordres.db", "--collection", "orders"], { cwd });
    expect(file.code).toBe(2);
    expect(file.err).toMatch(
      /There is no sqlite:ordres\.db\. Make it with: everdraft init --uri sqlite:ordres\.db --collection orders\n$/,
    );
  }
  expect(readdirSync(cwd)).toEqual(before);
  const rightOne = await run(["status", ...orders, "--json"], { cwd });
  expect(rightOne.out).toContain('"documents":2');
});

test("A config names stores; the name of one that it has not is exit code 2", { timeout }, async () => {
  const cwd = await filledFolder();
  writeFileSync(
    join(cwd, "everdraft.config.ts"),
    `import { defineConfig } from "@everdraft/cli";
     const uri: string = "sqlite:orders.db";
     export default defineConfig({
       stores: { orders: { uri, collection: "orders" }, invoices: { uri, collection: "invoices" } },
     });`,
  );
  expect(await run(["show", "o-1", "--store", "order"], { cwd })).toEqual({
    code: 2,
    out: "",
    err: 'The config has no store "order"; it has "orders", "invoices".\n',
  });
  expect((await run(["show", "o-1"], { cwd })).err).toBe(
    'There are several stores in the config: name one by --store, of "orders", "invoices".\n',
  );
  expect((await run(["show", "o-1", "--collection", "orders"], { cwd })).err).toBe(
    "--collection belongs to --uri; a store of the config is named by --store NAME.\n",
  );
  const shown = await run(["show", "o-1", "--store", "orders", "-q"], { cwd });
  expect(shown.code).toBe(0);
  // a store of the config whose collection is not there yet
  expect(await run(["show", "o-1", "--store", "invoices"], { cwd })).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no collection "invoices" in sqlite:orders.db; it has "orders".'),
  });
  // from a folder below, the same config and the same file
  const below = await run(["find", "--store", "orders", "--count"], { cwd: newFolderIn(cwd) });
  expect(below).toEqual({ code: 0, out: "2\n", err: "" });
});

function newFolderIn(folder: string): string {
  const below = join(folder, "a", "b");
  mkdirSync(below, { recursive: true });
  return below;
}

test("A config that cannot be used is told, with what is wrong", { timeout }, async () => {
  const cases: [string, number, RegExp][] = [
    ["export default 1", 2, /its default export is no \{ stores: /],
    ["export default { stores: {} }", 2, /it names no store/],
    [
      'export default { stores: { a: { collection: "a" } } }',
      2,
      /the store "a" has neither a uri nor a storage/,
    ],
    ['export default { stores: { a: { uri: "sqlite:a.db" } } }', 2, /the store "a" has no collection/],
    [
      'export default { stores: { a: { uri: "sqlite:a.db", colection: "a" } } }',
      2,
      /the store "a" has a field "colection"; there are collection, /,
    ],
    ["export default {\n  stores: {,\n}", 1, /The config everdraft\.config\.ts cannot be read, line 2: /],
    ["export default {\n\n  stores: no.where\n}", 1, /cannot be read, line 3: no is not defined/],
    ["import 'not-there'", 1, /The config everdraft\.config\.ts cannot be read: .*not-there/],
  ];
  for (const [config, code, err] of cases) {
    const cwd = newFolder({ "everdraft.config.ts": config });
    const ended = await run(["status"], { cwd });
    expect(ended.err).toMatch(err);
    expect({ code: ended.code, out: ended.out }).toEqual({ code, out: "" });
  }
  expect(await run(["status"], { cwd: newFolder() })).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^No store is named: there is no everdraft\.config\.ts here\./),
  });
});

test("init writes a config and makes what it needs; again, it changes nothing", { timeout }, async () => {
  const cwd = newFolder();
  const unasked = await run(["init"], { cwd });
  expect(unasked.code).toBe(2);
  expect(readdirSync(cwd)).toEqual([]);
  const first = await run(["init", "--uri", "sqlite:shop.db", "--collection", "orders", "--yes", "-q"], {
    cwd,
  });
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("Wrote everdraft.config.ts.");
  // beside the file SQLite may leave its own
  const made = readdirSync(cwd).filter((name) => !/-(shm|wal)$/.test(name));
  expect(made.sort()).toEqual(["everdraft.config.ts", "shop.db"]);
  const forPrograms = await run(["init", "--yes", "-q", "--json"], { cwd });
  expect(JSON.parse(forPrograms.out)).toMatchObject({ store: "orders", documents: 0, problems: [] });
  const second = await run(["init", "--yes", "-q"], { cwd });
  expect(second).toMatchObject({ code: 0, out: expect.not.stringContaining("Wrote") });
  const status = await run(["status"], { cwd });
  await expect(
    status.out.replace(/[\d.]+ KB/, "SIZE").replace(/SQLite [\d.]+ \(\S+\)/, "SQLite N"),
  ).toMatchFileSnapshot("golden/status.txt");
  const { sqlite, name } = await loadEngine();
  const doctor = await run(["doctor"], { cwd });
  expect(doctor).toMatchObject({
    code: 0,
    out: expect.stringMatching(/\nAll is well, .* everdraft verify\n$/),
  });
  // one SQLite for the whole process, which both name
  for (const { out } of [status, doctor]) expect(out).toContain(`SQLite ${sqlite} (${name})`);
});
