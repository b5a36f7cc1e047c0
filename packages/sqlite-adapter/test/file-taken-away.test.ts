import { copyFileSync, linkSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { createStore, type Store } from "@everdraft/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect } from "../src/engine/connection.ts";
import type { Database } from "../src/engine/database.ts";
import { loadEngine } from "../src/engine/engine.ts";
import { storageOn } from "../src/sqlite-storage.ts";
import { appendOf, call, newPath, rawAt, storageAt } from "./support/fixtures.ts";
import { otherLibraries } from "./support/second-engine.ts";
import { startEditor } from "./support/told.ts";

interface Texts {
  readonly texts: readonly string[];
}

// several tests start processes
vi.setConfig({ testTimeout: 60_000 });

const engine = await loadEngine();
const endings = ["", "-wal", "-shm"];

const storeAt = (path: string): Store<Texts> =>
  createStore<Texts>({ collection: "orders", storage: storageAt(path) });

const add = (store: Store<Texts>, text: string) =>
  store.edit("d", "me", (draft) => void draft.texts.push(text));

/** A store on a file with one document of version 2. */
async function edited(path: string): Promise<Store<Texts>> {
  const store = storeAt(path);
  await store.create("d", "me", { texts: [] });
  await add(store, "first");
  return store;
}

const replaced = {
  code: "storage_replaced",
  message: expect.stringMatching(
    /^Could not .* or another SQLite library in this process .* make a new storage/,
  ),
};

/** Every call says that the file was taken away. */
async function expectStopped(store: Store<Texts>): Promise<void> {
  await expect(add(store, "late")).rejects.toMatchObject(replaced);
  await expect(store.create("e", "me", { texts: [] })).rejects.toMatchObject(replaced);
  await expect(store.get("d")).rejects.toMatchObject(replaced);
  await expect(store.read("d")).rejects.toMatchObject(replaced);
  await expect(store.find({}).toArray()).rejects.toMatchObject(replaced);
  await expect(store.history("d").toArray()).rejects.toMatchObject(replaced);
  await expect(store.verify("d")).rejects.toMatchObject(replaced);
}

const removed = (path: string, wanted: readonly string[]): void => {
  for (const ending of wanted) rmSync(path + ending);
};

describe.each(otherLibraries(engine.name))("%s that opens the file, reads and closes it", (_, library) => {
  const lookedAt = (path: string): void => {
    const { DatabaseSync } = library();
    const other = new DatabaseSync(path);
    // what its statements hold open is freed when the collector comes, which is too late here
    other.exec("SELECT 1 FROM orders");
    other.close();
  };

  test("takes the write-ahead log away: nothing is acknowledged any more, and all that was is there", async () => {
    const path = newPath();
    const store = await edited(path);
    lookedAt(path);
    expect(readdirSync(dirname(path))).toEqual(["test.db"]);
    await expectStopped(store);
    const other = startEditor(path);
    expect(await other.edit("theirs")).toBe("3");
    await store.close();
    expect(await other.edit("more")).toBe("4");
    await other.end();
    // in the same process, by a new storage
    expect((await storeAt(path).read("d"))?.state).toEqual({ texts: ["first", "theirs", "more"] });
  });

  test("does not make the closing of ours take away what a process wrote since, which was killed", async () => {
    const path = newPath();
    const storage = storageAt(path);
    const store = createStore<Texts>({ collection: "orders", storage });
    await store.create("d", "me", { texts: [] });
    lookedAt(path);
    const other = startEditor(path);
    expect(await other.edit("theirs")).toBe("2");
    await other.kill();
    await store.close();
    await storage.close();
    expect((await storeAt(path).read("d"))?.state).toEqual({ texts: ["theirs"] });
  });
});

describe("a file that is taken away while it is open", () => {
  test.each([
    ["removed with its log", endings],
    ["removed alone", [""]],
    ["left without its log", ["-wal"]],
    ["left without the memory that its users share", ["-shm"]],
  ])("is noticed: %s", async (_, wanted) => {
    const path = newPath();
    const store = await edited(path);
    removed(path, wanted);
    await expectStopped(store);
  });

  test("is noticed where a backup is renamed over it", async () => {
    const path = newPath();
    const store = await edited(path);
    rawAt(path).exec("PRAGMA wal_checkpoint");
    copyFileSync(path, `${path}.bak`);
    await add(store, "second");
    renameSync(`${path}.bak`, path);
    await expectStopped(store);
    await store.close();
  });

  test("is noticed by whoever only reads", async () => {
    const path = newPath();
    await edited(path);
    const reader = storeAt(path);
    expect(await reader.get("d")).toEqual({ texts: ["first"] });
    removed(path, endings);
    await expect.poll(() => reader.get("d").catch(({ code }) => code)).toBe("storage_replaced");
  });

  test("is noticed where another one was made anew under its name", async () => {
    const path = newPath();
    const store = await edited(path);
    removed(path, endings);
    const other = startEditor(path);
    expect(await other.edit("theirs")).toBe("not_found");
    await expectStopped(store);
    await other.end();
  });

  test("is noticed where a link leads to another file", async () => {
    const path = newPath();
    const link = join(dirname(path), "link.db");
    const second = join(dirname(path), "second.db");
    await edited(second);
    symlinkSync(path, link);
    const store = await edited(link);
    rmSync(link);
    symlinkSync(second, link);
    await expectStopped(store);
  });

  test("is noticed by the next read that decides, however lately it was looked at", async () => {
    const path = newPath();
    const store = await edited(path);
    expect(await store.stateAt("d", { version: 1 })).toEqual({ texts: [] });
    removed(path, endings);
    await expect(store.stateAt("d", { version: 1 })).rejects.toMatchObject(replaced);
  });

  test("leaves an event in doubt where it went between the commit and its acknowledgement", async () => {
    const path = newPath();
    const connection = connect(path);
    const database = (): Database => {
      const opened = connection.database();
      const committing: Database["transaction"] = (work) =>
        opened.transaction(() => {
          const stored = work();
          if (isToGo) rmSync(path);
          return stored;
        });
      return { ...opened, transaction: committing };
    };
    let isToGo = false;
    const storage = storageOn({ ...connection, database });
    onTestFinished(() => storage.close());
    const { log } = await storage.open("orders", call);
    const commit = () =>
      log.commit([appendOf({ doc: "o-1" }), appendOf({ doc: "o-2" })], "independent", call);
    isToGo = true;
    const open = { event: "unknown", cause: { ...replaced, details: { inDoubt: true } } };
    expect(await commit()).toMatchObject([open, open]);
    const refused = { event: "refused", error: { ...replaced, details: { inDoubt: false } } };
    expect(await commit()).toMatchObject([refused, refused]);
    await expect(log.head("o-1", 0, call)).rejects.toMatchObject(replaced);
  });
});

describe("what is no reason to stop", () => {
  test("others that write, checkpoint, vacuum, and close the file", async () => {
    const path = newPath();
    const store = await edited(path);
    const raw = rawAt(path);
    raw.exec("PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(RESTART)");
    raw.close();
    const other = startEditor(path);
    expect(await other.edit("theirs")).toBe("3");
    await other.end();
    const second = storageAt(path);
    await second.open("orders", call);
    await second.close();
    expect((await add(store, "mine")).version).toBe(4);
    expect(await store.verify("d")).toMatchObject({ ok: true, version: 4 });
  });

  test("a link that leads to the file, and a log that grows over many checkpoints", async () => {
    const path = newPath();
    const link = join(dirname(path), "link.db");
    symlinkSync(path, link);
    const store = await edited(link);
    for (let n = 0; n < 12; n++) await store.create(`e-${n}`, "me", { texts: ["x".repeat(500_000)] });
    expect(await store.count()).toBe(13);
  });
});

describe("one file under two names in one process", () => {
  test("is refused while the first is open, and opened afterwards", async () => {
    const path = newPath();
    const first = storageAt(path);
    await first.open("orders", call);
    const name = join(dirname(path), "second.db");
    linkSync(path, name);
    await expect(storageAt(name).open("orders", { timeoutMs: 50 })).rejects.toMatchObject({
      code: "storage_busy",
      message: expect.stringContaining("open in this process under another name"),
    });
    await first.close();
    await storageAt(name).open("orders", call);
  });

  test("ends the first where it was renamed while it was open", async () => {
    const path = newPath();
    const store = await edited(path);
    const name = join(dirname(path), "renamed.db");
    for (const ending of endings) renameSync(path + ending, name + ending);
    const renamed = storeAt(name);
    expect((await add(renamed, "second")).version).toBe(3);
    const other = startEditor(name);
    expect(await other.edit("theirs")).toBe("4");
    await other.end();
    expect((await add(renamed, "third")).version).toBe(5);
    await expectStopped(store);
  });
});
