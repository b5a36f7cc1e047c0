import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { sqliteStorage } from "../src/index.ts";
import { call, newPath, rawAt } from "./support/fixtures.ts";

/** A file that another program made, with what was done to it, closed. */
function foreignFile(sql: string): string {
  const path = newPath();
  const raw = rawAt(path);
  raw.exec(sql);
  raw.close();
  return path;
}

/** Opening this collection is refused, and neither the file nor its folder is other than before. */
async function expectRefused(path: string, collection: string, refusal: object): Promise<void> {
  const before = readFileSync(path);
  const storage = sqliteStorage(path);
  await expect(storage.open(collection, call)).rejects.toMatchObject(refusal);
  expect(readFileSync(path)).toEqual(before);
  await storage.close();
  expect(readFileSync(path)).toEqual(before);
  expect(readdirSync(dirname(path))).toEqual(["test.db"]);
}

describe("a file that is refused stays as it was, its journal mode too:", () => {
  test("that of another program, with a table of the collection's name", async () => {
    const path = foreignFile("CREATE TABLE orders (n); INSERT INTO orders VALUES (1)");
    await expectRefused(path, "orders", { code: "options", details: { option: "collection" } });
  });

  test("with a table in the place of one that the collection needs", async () => {
    const path = foreignFile('CREATE TABLE x (n); CREATE INDEX "orders.events.changes" ON x (n)');
    await expectRefused(path, "orders", { code: "options", details: { option: "collection" } });
  });

  test.each(["UTF-16le", "UTF-16be"])(
    "one with texts as %s, which are ordered otherwise than ids",
    async (encoding) => {
      const path = foreignFile(`PRAGMA encoding = '${encoding}'; CREATE TABLE theirs (n)`);
      await expectRefused(path, "orders", {
        code: "options",
        details: { option: "path", reason: expect.stringContaining(encoding) },
        message: expect.stringContaining("Use another file"),
      });
    },
  );

  test("one of a newer version of the library", async () => {
    const path = foreignFile(
      'CREATE TABLE "everdraft.schema" (version INTEGER NOT NULL) STRICT; INSERT INTO "everdraft.schema" VALUES (99)',
    );
    await expectRefused(path, "orders", { code: "format_too_new" });
  });
});

test("a name that no file takes makes no file", async () => {
  const path = newPath();
  const storage = sqliteStorage(path);
  await expect(storage.open("sqlite_orders", call)).rejects.toMatchObject({ code: "options" });
  await storage.close();
  expect(existsSync(path)).toBe(false);
});

test("the file of another program is taken in where no name is in the way, and theirs stays", async () => {
  const path = foreignFile("CREATE TABLE theirs (n); INSERT INTO theirs VALUES (1)");
  const storage = sqliteStorage(path);
  await storage.open("orders", call);
  await storage.close();
  expect(rawAt(path).prepare("SELECT n FROM theirs").all()).toEqual([{ n: 1 }]);
});

test("after a refusal the same storage opens what can be", async () => {
  const path = foreignFile("CREATE TABLE orders (n)");
  const storage = sqliteStorage(path);
  await expect(storage.open("orders", call)).rejects.toMatchObject({ code: "options" });
  const { views } = await storage.open("customers", call);
  expect(await views.count({}, call)).toBe(0);
  await storage.close();
});
