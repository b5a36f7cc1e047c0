import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filledFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const timeout = 240_000;

/** A config of schema 2, whose orders have a total. */
const second = `export default { stores: { orders: {
  uri: "sqlite:orders.db", collection: "orders", schemaVersion: 2,
  migrations: { 1: ({ lines, ...rest }) => ({ ...rest, lines, total: lines.reduce((sum, { qty }) => sum + qty, 0) }) },
} } };`;

/** A folder with two living orders of schema 1, and a config of schema 2. */
async function withMigration(): Promise<string> {
  const cwd = await filledFolder();
  writeFileSync(join(cwd, "everdraft.config.mjs"), second);
  return cwd;
}

test("Documents of an older schema are brought up, each by one event, in the name of a user", {
  timeout,
}, async () => {
  const cwd = await withMigration();
  const everdraft = (...args: string[]) => run([...args, "-q"], { cwd });
  expect((await everdraft("find", '{ "total": { "$gt": 3 } }', "--count")).out).toBe("2\n");
  expect((await everdraft("status")).out).toMatch(/^ +older schema +2: everdraft migrate$/m);
  expect(await everdraft("doctor")).toMatchObject({
    code: 3,
    out: expect.stringMatching(
      /✘ 2 documents are of an older schema than 2\n {4}mend it: everdraft migrate --as USER/,
    ),
  });
  expect(await run(["migrate", "--as", "deploy", "--dry-run"], { cwd })).toEqual({
    code: 0,
    out: "Migrate to schema 2, as deploy\n  where: orders in sqlite:orders.db\n  2 of about 2 documents are of an older schema: one event each\n",
    err: "Nothing was changed (--dry-run).\n",
  });
  expect(await everdraft("migrate", "--yes")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^--as is missing/),
  });
  expect(await everdraft("migrate", "--as", "deploy")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--yes/),
  });
  expect(await everdraft("migrate", "--as", "deploy", "--reason", "totals", "--yes")).toEqual({
    code: 0,
    out: "Schema 2: 2 documents looked at, 2 written.\n",
    err: "",
  });
  expect((await everdraft("history", "o-1", "--json", "--limit", "1", "--newest")).out).toMatch(
    /"reason":"totals"/,
  );
  expect((await everdraft("status")).out).not.toContain("older schema");
  expect(await everdraft("doctor")).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /can be reached \(SQLite 3\.\d+\.\d+ \((node:sqlite|@photostructure\/sqlite)\)\)/,
    ),
  });
  expect(await everdraft("migrate", "--as", "deploy")).toEqual({
    code: 0,
    out: "No document is of an older schema than 2; nothing was stored.\n",
    err: "",
  });
  expect(JSON.parse((await everdraft("migrate", "--as", "deploy", "--json")).out)).toEqual({
    migrated: 2,
    complete: true,
    documents: 0,
    written: 0,
    failures: 0,
  });
});

test("By a connection string alone there are no migrations, and newer documents are told of", {
  timeout,
}, async () => {
  const cwd = await withMigration();
  const byUri = (...args: string[]) => run([...args, ...orders, "-q"], { cwd });
  expect(await byUri("migrate", "--as", "deploy", "--yes")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/schema version 1.*config/),
  });
  await run(["edit", "o-2", "--as", "bob", "--from", "-", "--yes", "-q"], {
    cwd,
    input: '{"customer":"c-9","status":"paid","lines":[],"total":0}',
  });
  const found = await byUri("find");
  expect(found.code).toBe(1);
  expect(found.out).toMatch(/^o-1 /);
  expect(found.err).toMatch(
    /^Left out: documents of a newer schema, o-2 for one \(version 2; this store knows up to 1\)/,
  );
  expect(await byUri("find", "--count")).toMatchObject({
    code: 1,
    out: "1\n",
    err: expect.stringContaining("Left out"),
  });
  expect((await byUri("doctor")).out).toMatch(/✘ 1 document is of a newer schema than 1/);
});

test("A document that cannot be migrated is named and skipped, with exit code 1", { timeout }, async () => {
  const cwd = await withMigration();
  writeFileSync(
    join(cwd, "everdraft.config.mjs"),
    `export default { stores: { orders: { uri: "sqlite:orders.db", collection: "orders", schemaVersion: 2,
      migrations: { 1: (order) => { if (order.customer === "c-9") throw new Error("no tax"); return { ...order, total: 1 }; } } } } };`,
  );
  const ended = await run(["migrate", "--as", "deploy", "--yes"], { cwd });
  expect(ended.code).toBe(1);
  expect(ended.out).toBe("Schema 2: 2 documents looked at, 1 written, 1 document skipped.\n");
  expect(ended.err).toMatch(/^Skipped: o-2: .*\(Error: no tax\)$/m);
});
