import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { expect, test, vi } from "vitest";
import { packedHistory } from "../src/packed-history.ts";
import { quick } from "../src/quick.ts";
import { quickFile, readRegion } from "../src/region.ts";

vi.setConfig({ testTimeout: 60_000 });

test("The code that the demo prints is the code that is executed here, and it does what the demo did", async () => {
  const executed = readFileSync(new URL("../src/quick.ts", import.meta.url), "utf8");
  const printed = (await readRegion(quickFile, "quick")).join("\n");
  expect(executed).toContain(`// #region quick\n${printed}\n// #endregion quick`);
  expect(printed).toContain("export async function quick(");
  expect(printed.split("\n").length).toBeLessThanOrEqual(22);

  const folder = mkdtempSync(join(tmpdir(), "everdraft-quick-"));
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    const source = await packedHistory();
    const [id] = source.ids as [string];
    await quick(join(folder, "quick.sqlite"), id, source.revisions());
    expect(log).toHaveBeenCalledTimes(13);

    const storage = sqliteStorage(join(folder, "quick.sqlite"));
    const store = createStore<object>({ collection: "files", storage });
    const [last, revert, imported] = await store.history(id, { order: "newest", limit: 3 }).toArray();
    expect([last?.type, revert?.type, imported?.type]).toEqual(["reverted", "reverted", "imported"]);
    expect(await store.get(id)).toEqual(await store.stateAt(id, { version: imported?.version ?? 0 }));
    await storage.close();
  } finally {
    log.mockRestore();
    rmSync(folder, { recursive: true });
  }
});

test("A region that is not there is an error", async () => {
  await expect(readRegion(quickFile, "slow")).rejects.toThrow("has no region slow");
});
