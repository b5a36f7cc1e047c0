import { join } from "node:path";
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { expect, test } from "vitest";
import { newFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

test("Events that change nothing are shown where they are asked for, verified, and not exported", {
  timeout: 120_000,
}, async () => {
  const cwd = newFolder();
  const storage = sqliteStorage(join(cwd, "orders.db"));
  const store = createStore<{ n: number }>({ collection: "orders", storage });
  await store.create("o-1", "alice", { n: 1 });
  await store.edit("o-1", "bob", () => {}, { key: "k" });
  await store.edit("o-1", "carol", (draft) => void draft.n++);
  await store.close();
  await storage.close();
  const lines = async (...args: string[]): Promise<Record<string, unknown>[]> => {
    const { code, out, err } = await run([...args, "-q", ...orders], { cwd });
    expect(code, err).toBe(0);
    return out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  const history = ["history", "o-1", "--oldest", "--json"];
  const shown = (events: Record<string, unknown>[]) =>
    events.map(({ version, type }) => `${version} ${type}`);
  expect(shown(await lines(...history))).toEqual(["1 created", "3 edited"]);
  expect(shown(await lines(...history, "--blanks"))).toEqual(["1 created", "2 blank", "3 edited"]);
  expect(await lines("export", "o-1")).toMatchObject([
    { by: "alice", state: { n: 1 } },
    { by: "carol", state: { n: 2 } },
  ]);
  expect(await run(["verify", ...orders], { cwd })).toMatchObject({ code: 0 });
});
