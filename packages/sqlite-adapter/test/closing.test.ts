import { readdirSync, readlinkSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { createStore, type Store } from "@everdraft/core";
import { describe, expect, test } from "vitest";
import { sqliteStorage } from "../src/index.ts";
import { call, newPath, rawAt, storageAt } from "./support/fixtures.ts";
import { runScript, startEditor } from "./support/told.ts";

interface Texts {
  readonly texts: readonly string[];
}

const storeOn = (storage: ReturnType<typeof sqliteStorage>): Store<Texts> =>
  createStore<Texts>({ collection: "orders", storage });

/** Makes a file with one document, edits it, and closes it in order. */
async function usedAndClosed(path: string): Promise<void> {
  const storage = sqliteStorage(path);
  const store = storeOn(storage);
  await store.create("d", "me", { texts: [] });
  await store.edit("d", "me", (draft) => void draft.texts.push("first"));
  expect(await store.find({}).toArray()).toHaveLength(1);
  await store.close();
  await storage.close();
}

/** The descriptors of this process for files of this folder. Only Linux tells them. */
function descriptorsIn(folder: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(folder) ? [target] : [];
    } catch {
      // the one that reads the list
      return [];
    }
  });
}

describe.runIf(process.platform === "linux")("the descriptors of a file", () => {
  test("are closed with its storage, and nothing is left beside it", async () => {
    const path = newPath();
    await usedAndClosed(path);
    expect(descriptorsIn(dirname(path))).toEqual([]);
    expect(readdirSync(dirname(path))).toEqual(["test.db"]);
  });

  test("are closed after its collections were listed, whether or not it is open", async () => {
    const path = newPath();
    await usedAndClosed(path);
    const storage = storageAt(path);
    for (let n = 0; n < 10; n++) expect(await storage.collections?.(call)).toEqual(["orders"]);
    expect(descriptorsIn(dirname(path))).toEqual([]);
    expect(readdirSync(dirname(path))).toEqual(["test.db"]);
    await storage.open("orders", call);
    const open = descriptorsIn(dirname(path)).length;
    expect(await storage.collections?.(call)).toEqual(["orders"]);
    expect(descriptorsIn(dirname(path))).toHaveLength(open);
  });

  test("are closed where opening failed, and while it waited for a lock no more came", async () => {
    const path = newPath();
    const raw = rawAt(path);
    raw.exec("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE orders (n)");
    const before = descriptorsIn(dirname(path)).length;
    const storage = sqliteStorage(path);
    const opening = storage.open("orders", { timeoutMs: 500 });
    await expect(opening).rejects.toMatchObject({ code: "storage_busy" });
    expect(descriptorsIn(dirname(path)).length).toBeLessThanOrEqual(before + 1);
    await storage.close();
    // those that share the locks of another connection are closed with it
    raw.close();
    expect(descriptorsIn(dirname(path))).toEqual([]);
    const refused = sqliteStorage(path);
    await expect(refused.open("orders", call)).rejects.toMatchObject({ code: "options" });
    await refused.close();
    expect(descriptorsIn(dirname(path))).toEqual([]);
  });
});

test("1,500 storages can be opened, used and closed by a process that may have 200 files open", {
  timeout: 300_000,
}, async () => {
  const script = `
    import { createStore } from "@everdraft/core";
    import { sqliteStorage } from "@everdraft/sqlite-adapter";
    const [path] = process.argv.slice(1);
    let edits = 0;
    for (let n = 0; n < 75; n++) {
      await Promise.all(Array.from({ length: 20 }, async (_, i) => {
        const storage = sqliteStorage(path + i);
        const store = createStore({ collection: "orders", storage });
        if (n === 0) await store.create("d", "me", { n: 0 });
        if (n % 25 === 0) await store.edit("d", "me", (draft) => void draft.n++);
        else await store.get("d");
        edits++;
        await store.close();
        await storage.close();
      }));
    }
    console.log(edits);
  `;
  expect(await runScript(script, [newPath()], "ulimit -n 200")).toBe("1500\n");
});

test("other programs get a file to themselves once its storage is closed", async () => {
  const path = newPath();
  await usedAndClosed(path);
  const mode = rawAt(path).prepare("PRAGMA journal_mode = DELETE").get();
  expect(mode).toEqual({ journal_mode: "delete" });
});

test("a file that was closed, renamed and opened again in one process loses no edit beside another process", {
  timeout: 60_000,
}, async () => {
  const made = newPath("new.db");
  await usedAndClosed(made);
  const path = join(dirname(made), "orders.db");
  renameSync(made, path);
  const store = storeOn(storageAt(path));
  const other = startEditor(path);
  const acknowledged: string[] = [];
  for (let n = 0; n < 3; n++) {
    acknowledged.push(
      String((await store.edit("d", "me", (draft) => void draft.texts.push(`mine ${n}`))).version),
    );
    acknowledged.push(await other.edit(`theirs ${n}`));
  }
  expect(acknowledged).toEqual(["3", "4", "5", "6", "7", "8"]);
  await other.end();
  const texts = ["first", ...[0, 1, 2].flatMap((n) => [`mine ${n}`, `theirs ${n}`])];
  expect((await store.read("d"))?.state).toEqual({ texts });
  expect(await store.verify("d")).toMatchObject({ ok: true, version: 8 });
});
