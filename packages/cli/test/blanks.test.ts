import { join } from "node:path";
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { expect, test } from "vitest";
import { filledFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

test("Events that changed nothing are shown when asked for, checked by verify, and no part of an export", {
  timeout: 120_000,
}, async () => {
  const cwd = await filledFolder();
  const exported = (await run(["export", "--all", "-q", ...orders], { cwd })).out;
  const storage = sqliteStorage(join(cwd, "orders.db"));
  const store = createStore<{ status: string }>({ collection: "orders", storage });
  expect(await store.edit("o-2", "bob", () => {}, { key: "k" })).toMatchObject({
    changed: false,
    version: 1,
  });
  await store.close();
  await storage.close();
  const versions = async (...more: string[]): Promise<unknown[]> => {
    const { out } = await run(["history", "o-2", "--json", "-q", ...more, ...orders], { cwd });
    return out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).version);
  };
  expect(await versions()).toEqual([1]);
  expect((await versions("--blanks")).toSorted()).toEqual([1, 2]);
  expect((await run(["verify", "-q", ...orders], { cwd })).code).toBe(0);
  // so a copy that is imported gives the same bytes again
  expect((await run(["export", "--all", "-q", ...orders], { cwd })).out).toBe(exported);
});
