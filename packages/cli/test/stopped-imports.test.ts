import { join } from "node:path";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { expect, test } from "vitest";
import { filledFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const { DatabaseSync } = await loadEngine();

test("An import that the storage ends tells why, and names no document that has nothing to do with it", {
  timeout: 120_000,
}, async () => {
  const cwd = await filledFolder();
  const line = (i: number): string =>
    JSON.stringify({ id: `e${i}`, at: "2025-01-01", by: "alice", state: { n: i } });
  const input = Array.from({ length: 300 }, (_, i) => line(i)).join("\n");
  const file = join(cwd, "orders.db");
  const raw = new DatabaseSync(file);
  // the storage is at fault, no document is
  raw.exec(`CREATE TRIGGER t BEFORE INSERT ON "orders.events" WHEN new.doc = 'e3'
    BEGIN SELECT abs(-9223372036854775807 - 1); END`);
  raw.close();
  const args = ["import", ...orders, "--jsonl", "-", "--yes", "-q"];
  const ended = await run(args, { cwd, input });
  expect(ended).toMatchObject({ code: 1, out: "" });
  expect(ended.err).toMatch(/^Stopped\. The revisions stored before stay; .*\n.*integer overflow/);
  expect(ended.err).not.toMatch(/\be\d+\b/);
  const mended = new DatabaseSync(file);
  mended.exec("DROP TRIGGER t");
  mended.close();
  expect(await run([...args, "--json"], { cwd, input })).toMatchObject({ code: 0 });
});
