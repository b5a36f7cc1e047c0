import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filledFolder, newFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const timeout = 120_000;
const uri = "sqlite:orders.db";

test("A connection string alone is enough where there is one collection", { timeout }, async () => {
  const cwd = await filledFolder();
  const named = await run(["find", ...orders], { cwd });
  expect(named.code).toBe(0);
  expect(await run(["find", "--uri", uri], { cwd })).toEqual(named);
  expect(await run(["find"], { cwd, env: { EVERDRAFT_URI: uri } })).toEqual(named);
  const edit = ["edit", "o-2", "--as", "dora", "--from", "-", "--dry-run", "-q"];
  const edited = await run(edit, { cwd, env: { EVERDRAFT_URI: uri }, input: "{}" });
  expect(edited).toMatchObject({
    code: 0,
    out: expect.stringContaining("where: orders in sqlite:orders.db"),
  });
});

test("Where there are several, one has to be named; status and doctor show them all", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  await run(["init", "--uri", uri, "--collection", "invoices", "--yes"], { cwd });
  const before = readdirSync(cwd);
  const env = { EVERDRAFT_URI: uri };
  // the config that init wrote is not in this folder
  const elsewhere = newFolder();
  const absolute = { EVERDRAFT_URI: `sqlite:${cwd}/orders.db` };
  expect(await run(["show", "o-1", "--uri", uri], { cwd })).toEqual({
    code: 2,
    out: "",
    err: 'There are several collections in sqlite:orders.db: name one by --collection, of "invoices", "orders".\n',
  });
  const hidden = await run(["show", "o-1"], { cwd: elsewhere, env: absolute });
  expect(hidden).toMatchObject({
    code: 2,
    err: expect.stringMatching(
      /^There are several collections .* by --collection, of "invoices", "orders"\.\n$/,
    ),
  });
  const status = await run(["status", "--quick", "--json"], { cwd: elsewhere, env: absolute });
  expect(
    status.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).store),
  ).toEqual(["invoices", "orders"]);
  // doctor's commands name the one that they mend
  const doctor = await run(["doctor", "--uri", uri], { cwd });
  expect(doctor).toMatchObject({ code: 0, out: expect.stringMatching(/^invoices\n.*^orders\n/ms) });
  expect(readdirSync(cwd)).toEqual(before);
  expect((await run(["show", "o-1", "--collection", "orders", "-q"], { cwd, env })).code).toBe(0);
});

test("Where there is none, and where one is to be filled, it is said how", { timeout }, async () => {
  const cwd = newFolder({ "in.ndjson": "" });
  expect(await run(["find"], { cwd, env: { EVERDRAFT_URI: uri } })).toEqual({
    code: 2,
    out: "",
    err: "There is no sqlite:orders.db. Make it with: everdraft init\n",
  });
  const into = ["import", "--uri", uri, "--jsonl", "in.ndjson", "--yes"];
  expect(await run(into, { cwd })).toEqual({
    code: 2,
    out: "",
    err: "Say into which collection: --collection NAME.\n",
  });
  writeFileSync(join(cwd, "orders.db"), "");
  expect(await run(["find", "--uri", uri], { cwd })).toEqual({
    code: 2,
    out: "",
    err: "There is no collection in sqlite:orders.db yet. Only init and import make one.\n",
  });
  expect(await run(into, { cwd })).toMatchObject({ code: 2 });
});

test("Ways to name a store that exclude each other are told", { timeout }, async () => {
  const cwd = await filledFolder();
  const cases: [string[], string][] = [
    [
      ["find", ...orders, "--store", "orders"],
      "--store names a store of a config; with --uri its collection is named by --collection NAME.",
    ],
    [
      ["find", ...orders, "--config", "everdraft.config.ts"],
      "--uri and --config both say where the store is: give one of them.",
    ],
  ];
  for (const [args, err] of cases)
    expect(await run(args, { cwd })).toEqual({ code: 2, out: "", err: `${err}\n` });
});
