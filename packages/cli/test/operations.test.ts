import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filledFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";
import { stepsUnder } from "./support/steps.ts";

const timeout = 120_000;

test("Each step that operations.md gives for the backup of a SQLite file does what it says", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  writeFileSync(
    join(cwd, "everdraft.config.mjs"),
    'export default { stores: { orders: { uri: "sqlite:orders.db", collection: "orders" } } }',
  );
  const steps = stepsUnder("Of a SQLite file");
  expect(steps.map((words) => words.slice(0, 2).join(" "))).toEqual([
    "everdraft backup",
    "everdraft verify",
    "everdraft restore-backup",
    "everdraft verify",
  ]);
  const [backup, look, restore, verify] = steps.map(
    ([, ...words]) =>
      () =>
        run(words, { cwd }),
  );
  expect(await backup?.()).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, "backup.db"))).toBe(true);
  expect(await look?.()).toMatchObject({ code: 0 });
  const before = (await run(["export", "--all", "-q"], { cwd })).out;
  await run(["revert", "o-1", "--to", "1", "--as", "alice", "--yes", "-q", ...orders], { cwd });
  expect((await run(["export", "--all", "-q"], { cwd })).out).not.toBe(before);
  expect(await restore?.()).toMatchObject({ code: 0 });
  expect(await verify?.()).toMatchObject({ code: 0 });
  expect((await run(["export", "--all", "-q"], { cwd })).out).toBe(before);
  expect(readdirSync(cwd).filter((name) => name.startsWith("orders.db.before-"))).toHaveLength(1);
});
