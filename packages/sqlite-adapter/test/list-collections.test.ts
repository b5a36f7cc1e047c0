import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { call, newPath, rawAt, storageAt } from "./support/fixtures.ts";

test("Asking for the collections of a file that is not there makes no file", async () => {
  const path = newPath();
  expect(await storageAt(path).collections?.(call)).toEqual([]);
  expect(existsSync(path)).toBe(false);
});

test("Asking for the collections of another program's file leaves it as it is", async () => {
  const path = newPath();
  rawAt(path).exec("CREATE TABLE theirs (a)");
  const before = readFileSync(path);
  expect(await storageAt(path).collections?.(call)).toEqual([]);
  expect(readFileSync(path)).toEqual(before);
  const noDatabase = newPath();
  writeFileSync(noDatabase, "no database, but a text that is long enough to be looked at as one ".repeat(20));
  await expect(storageAt(noDatabase).collections?.(call)).rejects.toMatchObject({ code: "storage_corrupt" });
});
