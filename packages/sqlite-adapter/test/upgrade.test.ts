import { describe, expect, test } from "vitest";
import { loadEngine } from "../src/engine/engine.ts";
import { openFile } from "../src/file/open-file.ts";
import { prepareFile } from "../src/file/prepare-file.ts";
import { quote, type Schema, schema } from "../src/tables.ts";
import { appendOf, call, newPath, ordersAt, rawAt, storageAt } from "./support/fixtures.ts";

/** What the next version might be: a column more in every log, a table more in the file. */
const next: Schema = {
  ...schema,
  version: schema.version + 1,
  upgrades: [
    ...schema.upgrades,
    {
      file: ['CREATE TABLE "everdraft.more" (n INTEGER) STRICT'],
      collection: ({ events }) => [`ALTER TABLE ${quote(events)} ADD COLUMN more TEXT DEFAULT 'x'`],
    },
  ],
};

const engine = await loadEngine();

const versionIn = (path: string) => rawAt(path).prepare('SELECT version FROM "everdraft.schema"').all();

describe("a file of an older version of the library", () => {
  test("is brought up to this one with all its collections and documents", async () => {
    const path = newPath();
    const storage = storageAt(path);
    const append = appendOf();
    for (const name of ["orders", 'say "hi"']) {
      await (await storage.open(name, call)).log.commit([append], "independent", call);
    }
    await storage.close();
    const { database, close } = openFile(engine, path);
    prepareFile(database, path, next);
    prepareFile(database, path, next);
    await close();
    expect(versionIn(path)).toEqual([{ version: next.version }]);
    const raw = rawAt(path);
    for (const table of ["orders.events", 'say "hi".events']) {
      expect(raw.prepare(`SELECT doc, more FROM ${quote(table)}`).all()).toEqual([
        { doc: append.event.doc, more: "x" },
      ]);
    }
    expect(raw.prepare('SELECT * FROM "everdraft.more"').all()).toEqual([]);
  });

  test("stays as it is where the upgrade fails", async () => {
    const path = newPath();
    await ordersAt(path);
    const broken: Schema = {
      ...next,
      upgrades: [
        { file: ['CREATE TABLE "everdraft.more" (n INTEGER) STRICT', "NO SQL"], collection: () => [] },
      ],
    };
    const { database, close } = openFile(engine, path);
    expect(() => prepareFile(database, path, broken)).toThrow();
    await close();
    expect(versionIn(path)).toEqual([{ version: schema.version }]);
    expect(rawAt(path).prepare("SELECT 1 FROM sqlite_schema WHERE name = 'everdraft.more'").all()).toEqual(
      [],
    );
  });
});

test("a file of a newer version of the library is refused with FormatTooNewError and stays as it is", async () => {
  const path = newPath();
  const { database, close } = openFile(engine, path);
  prepareFile(database, path, next);
  await close();
  await expect(storageAt(path).open("orders", call)).rejects.toMatchObject({
    code: "format_too_new",
    details: { what: "storage", found: next.version, known: schema.version },
    message: expect.stringContaining("Update the library"),
  });
  expect(rawAt(path).prepare("SELECT 1 FROM sqlite_schema WHERE name = 'orders'").all()).toEqual([]);
});
