import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { expect, test } from "vitest";
import { filledFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

test("Events that changed nothing are shown when asked for, checked by verify, and a line of their own in an export, which import passes by", {
  timeout: 120_000,
}, async () => {
  const cwd = await filledFolder();
  const before = (await run(["export", "--all", "-q", ...orders], { cwd })).out;
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
  const exported = await run(["export", "--all", ...orders], { cwd });
  expect(exported.err).toMatch(
    /Exported 7 revisions of 3 documents of orders, and 1 event that changed nothing\./,
  );
  const lines = exported.out.trimEnd().split("\n");
  const blanks = lines.filter((line) => JSON.parse(line).type === "blank");
  expect(blanks.map((line) => JSON.parse(line))).toEqual([
    { id: "o-2", at: expect.any(String), by: "bob", type: "blank" },
  ]);
  expect(`${lines.filter((line) => !blanks.includes(line)).join("\n")}\n`).toBe(before);
  writeFileSync(join(cwd, "all.ndjson"), exported.out);
  const copy = ["--uri", "sqlite:copy.db", "--collection", "orders"];
  const imported = await run(["import", "--jsonl", "all.ndjson", "--yes", ...copy], { cwd });
  expect(imported.out).toContain("1 event that changed nothing was passed by.");
  expect(imported.code).toBe(0);
  // the copy gives the same bytes again, but for that line
  expect((await run(["export", "--all", "-q", ...copy], { cwd })).out).toBe(before);
});
