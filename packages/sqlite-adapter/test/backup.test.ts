import { getEventListeners } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createStore, type Store } from "@everdraft/core";
import { describe, expect, test, vi } from "vitest";
import { restoreBackup, type SqliteStorage, sqliteStorage } from "../src/index.ts";
import { call, newPath, storageAt } from "./support/fixtures.ts";
import { startWriter } from "./support/processes.ts";
import { startEditor } from "./support/told.ts";

// several tests start processes
vi.setConfig({ testTimeout: 60_000 });

interface Texts {
  readonly texts: readonly string[];
}

const storeOn = (storage: SqliteStorage): Store<Texts> =>
  createStore<Texts>({ collection: "orders", storage });

/** A storage with one document, and the file's name. */
async function filled(): Promise<{ path: string; storage: SqliteStorage; store: Store<Texts> }> {
  const path = newPath("orders.db");
  const storage = storageAt(path);
  const store = storeOn(storage);
  await store.create("d", "me", { texts: ["first"] });
  return { path, storage, store };
}

/** The document as a file has it. */
async function textsIn(path: string): Promise<readonly string[] | undefined> {
  const storage = sqliteStorage(path);
  try {
    return (await storeOn(storage).read("d"))?.state.texts;
  } finally {
    await storage.close();
  }
}

const add = (store: Store<Texts>, text: string) =>
  store.edit("d", "me", (draft) => void draft.texts.push(text));
const namesIn = (path: string) => readdirSync(dirname(path)).sort();

describe("a backup", () => {
  test("has all that was acknowledged before, of all collections, in one file", async () => {
    const { path, storage, store } = await filled();
    await createStore({ collection: "customers", storage }).create("c", "me", { n: 1 });
    await add(store, "second");
    const made = join(dirname(path), "backup.db");
    const backup = await storage.backup(made);
    expect(backup).toEqual({ path: made, bytes: statSync(made).size, collections: ["customers", "orders"] });
    await add(store, "third");
    expect(await textsIn(made)).toEqual(["first", "second"]);
    await store.close();
    await storage.close();
    expect(namesIn(path)).toEqual(["backup.db", "orders.db"]);
  });

  test("is made by a storage that was not used yet, and leaves nothing beside either", async () => {
    const { path, store, storage } = await filled();
    await store.close();
    await storage.close();
    const made = join(dirname(path), "backup.db");
    const unused = storageAt(path);
    await unused.backup(made);
    await unused.close();
    expect(await textsIn(made)).toEqual(["first"]);
    expect(namesIn(path)).toEqual(["backup.db", "orders.db"]);
  });

  test("made while other processes write holds whole histories up to one moment, and loses them no edit", async () => {
    const path = newPath("logs.db");
    const storage = storageAt(path);
    const store = createStore<{ tokens: string[] }>({ collection: "logs", storage });
    for (const id of ["d-0", "d-1", "d-2"]) await store.create(id, "me", { tokens: [] });
    for (const id of ["e-0", "e-1"]) await store.create(id, "me", { tokens: ["x".repeat(6_000_000)] });
    const made = join(dirname(path), "backup.db");
    let steps = 0;
    const writers = ["a", "b"].map((name) => startWriter([path, "append", name, "40"]));
    const before = await store.read("d-0");
    await storage.backup(made, { onProgress: () => steps++ });
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(steps).toBeGreaterThan(1);
    const copy = storageAt(made);
    const copied = createStore<{ tokens: string[] }>({ collection: "logs", storage: copy });
    for (const id of ["d-0", "d-1", "d-2"]) expect(await copied.verify(id)).toMatchObject({ ok: true });
    expect((await copied.read("d-0"))?.version).toBeGreaterThanOrEqual(before?.version ?? 0);
    const versions = await Promise.all(
      ["d-0", "d-1", "d-2"].map(async (id) => (await store.read(id))?.version ?? 0),
    );
    expect(versions.reduce((a, b) => a + b)).toBe(83);
  });

  test("never touches a file that is there, and refuses what is no file", async () => {
    const { path, storage } = await filled();
    const made = join(dirname(path), "there.txt");
    writeFileSync(made, "mine");
    const refused = { code: "options", details: { option: "path" } };
    await expect(storage.backup(made)).rejects.toMatchObject(refused);
    await expect(storage.backup(path)).rejects.toMatchObject(refused);
    await expect(storage.backup(dirname(path))).rejects.toMatchObject(refused);
    expect(readFileSync(made, "utf8")).toBe("mine");
    for (const wrong of ["", ":memory:", "file:backup.db", undefined as never])
      await expect(storage.backup(wrong)).rejects.toMatchObject(refused);
    await expect(storageAt(":memory:").backup(join(dirname(path), "new.db"))).rejects.toMatchObject(refused);
    const other: object = { tiemoutMs: 5 };
    await expect(storage.backup(join(dirname(path), "new.db"), other)).rejects.toMatchObject({
      code: "options",
      details: { option: "tiemoutMs", nearest: "timeoutMs" },
    });
    await expect(storage.backup(join(dirname(path), "no", "new.db"))).rejects.toMatchObject({
      code: "storage",
    });
    expect(namesIn(path)).toEqual(["orders.db", "orders.db-shm", "orders.db-wal", "there.txt"]);
  });

  test("of a file that is not there makes none", async () => {
    const path = newPath();
    await expect(storageAt(path).backup(join(dirname(path), "backup.db"))).rejects.toMatchObject({
      code: "storage",
      message: expect.stringContaining("there is no such file yet"),
    });
    expect(namesIn(path)).toEqual([]);
  });

  test("is as readable as its file, from the beginning on", async () => {
    const { path, storage } = await filled();
    chmodSync(path, 0o600);
    const made = join(dirname(path), "backup.db");
    const modes: number[] = [];
    await storage.backup(made, {
      onProgress: () => {
        for (const name of namesIn(path))
          if (name.includes(".part-")) modes.push(statSync(join(dirname(path), name)).mode & 0o777);
      },
    });
    expect(statSync(made).mode & 0o777).toBe(0o600);
    expect(modes.every((mode) => mode === 0o600)).toBe(true);
  });

  test("ends with the signal's reason, and with what onProgress throws, and leaves nothing", async () => {
    const { path, storage, store } = await filled();
    for (let n = 0; n < 4; n++) await store.create(`e-${n}`, "me", { texts: ["x".repeat(6_000_000)] });
    const made = join(dirname(path), "backup.db");
    await expect(storage.backup(made, { signal: AbortSignal.abort("before") })).rejects.toBe("before");
    const controller = new AbortController();
    const aborted = storage.backup(made, {
      signal: controller.signal,
      onProgress: () => controller.abort("enough"),
    });
    await expect(aborted).rejects.toBe("enough");
    const own = new Error("of the listener");
    const thrown = storage.backup(made, {
      onProgress: () => {
        throw own;
      },
    });
    await expect(thrown).rejects.toBe(own);
    await store.close();
    await storage.close();
    expect(namesIn(path)).toEqual(["orders.db"]);
  });

  test("shares one listener of its signal with others, and leaves none", async () => {
    const { path, storage } = await filled();
    const { signal } = new AbortController();
    let most = 0;
    const add = signal.addEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      add(...given);
      most = Math.max(most, getEventListeners(signal, "abort").length);
    };
    const backups = Array.from({ length: 12 }, (_, i) =>
      storage.backup(join(dirname(path), `backup-${i}.db`), { signal }),
    );
    await Promise.all(backups);
    expect(most).toBe(1);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("of a file that was taken away is none", async () => {
    const { path, storage } = await filled();
    renameSync(path, `${path}.gone`);
    const made = join(dirname(path), "backup.db");
    await expect(storage.backup(made)).rejects.toMatchObject({ code: expect.stringMatching(/^storage/) });
    expect(existsSync(made)).toBe(false);
  });
});

describe("a backup that is put back", () => {
  test("makes everything what it was, and what was there is kept", async () => {
    const { path, storage, store } = await filled();
    const made = join(dirname(path), "backup.db");
    await storage.backup(made);
    await add(store, "later");
    await store.close();
    await storage.close();
    const { kept, collections, bytes } = await restoreBackup(made, path);
    expect({ collections, bytes }).toEqual({ collections: ["orders"], bytes: statSync(path).size });
    expect(await textsIn(path)).toEqual(["first"]);
    expect(await textsIn(kept ?? "")).toEqual(["first", "later"]);
    expect(await textsIn(made)).toEqual(["first"]);
    expect(readdirSync(dirname(path))).toHaveLength(3);
  });

  test("is refused while somebody has the file open, in this process or another, and then goes", async () => {
    const { path, storage, store } = await filled();
    const made = join(dirname(path), "backup.db");
    await storage.backup(made);
    const busy = { code: "storage_busy", message: expect.stringContaining("End the processes that use it") };
    await expect(restoreBackup(made, path, { timeoutMs: 50 })).rejects.toMatchObject(busy);
    await store.close();
    await storage.close();
    const other = startEditor(path);
    expect(await other.edit("theirs")).toBe("2");
    await expect(restoreBackup(made, path, { timeoutMs: 50 })).rejects.toMatchObject(busy);
    expect(await other.edit("more")).toBe("3");
    await other.end();
    await restoreBackup(made, path);
    expect(await textsIn(path)).toEqual(["first"]);
  });

  test("takes nothing from the log of the file that was there, whatever became of that", async () => {
    const { path, storage, store } = await filled();
    const made = join(dirname(path), "backup.db");
    await storage.backup(made);
    // as a crash leaves it: the file, and a log with more in it
    const crashed = startEditor(path);
    expect(await crashed.edit("later")).toBe("2");
    const [bytes, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
    await crashed.kill();
    await store.close();
    await storage.close();
    const alone = newPath("alone.db");
    writeFileSync(`${alone}-wal`, log);
    expect(await restoreBackup(made, alone)).toEqual(
      expect.not.objectContaining({ kept: expect.anything() }),
    );
    expect(await textsIn(alone)).toEqual(["first"]);
    const whole = newPath("whole.db");
    writeFileSync(whole, bytes);
    writeFileSync(`${whole}-wal`, log);
    const { kept } = await restoreBackup(made, whole);
    expect(await textsIn(whole)).toEqual(["first"]);
    expect(await textsIn(kept ?? "")).toEqual(["first", "later"]);
  });

  test("takes the place of a damaged file", async () => {
    const { path, storage, store } = await filled();
    const made = join(dirname(path), "backup.db");
    await storage.backup(made);
    await store.close();
    await storage.close();
    writeFileSync(path, "not a database any more. ".repeat(500));
    const { kept } = await restoreBackup(made, path);
    expect(await textsIn(path)).toEqual(["first"]);
    expect(readFileSync(kept ?? "", "utf8")).toMatch(/^not a database any more/);
  });

  test("is refused where it is none, and the file is left as it is", async () => {
    const { path, storage, store } = await filled();
    await store.close();
    await storage.close();
    const before = readFileSync(path);
    const none = join(dirname(path), "none.db");
    const options = { code: "options", details: { option: "backup" } };
    await expect(restoreBackup(none, path)).rejects.toMatchObject(options);
    await expect(restoreBackup(path, path)).rejects.toMatchObject(options);
    writeFileSync(none, "no database, but a text that is long enough to be looked at as one ".repeat(20));
    await expect(restoreBackup(none, path)).rejects.toMatchObject({ code: "storage_corrupt" });
    writeFileSync(none, "");
    await expect(restoreBackup(none, path)).rejects.toMatchObject(options);
    expect(readFileSync(path)).toEqual(before);
    expect(namesIn(path)).toEqual(["none.db", "orders.db"]);
  });

  test("under a living process, by hand, stops that, and a new storage has what is there", async () => {
    const { path, storage, store } = await filled();
    const made = join(dirname(path), "backup.db");
    await storage.backup(made);
    await add(store, "later");
    copyFileSync(made, `${path}.new`);
    renameSync(`${path}.new`, path);
    await expect(add(store, "lost")).rejects.toMatchObject({ code: "storage_replaced" });
    await expect(storage.backup(`${made}2`)).rejects.toMatchObject({ code: "storage_replaced" });
    await store.close();
    await storage.close();
    // the log of the file that was there is taken for that of any file of its name
    for (const ending of ["-wal", "-shm"]) rmSync(path + ending, { force: true });
    // of the version that was acknowledged before nothing is remembered
    const written = await add(storeOn(storageAt(path)), "anew");
    expect(written).toMatchObject({ version: 2, state: { texts: ["first", "anew"] } });
    expect(await textsIn(path)).toEqual(["first", "anew"]);
  });
});

test("storage.close waits for a backup that is under way", async () => {
  const { path, storage } = await filled();
  const made = join(dirname(path), "backup.db");
  const backup = storage.backup(made);
  await storage.close();
  expect((await backup).collections).toEqual(["orders"]);
  await expect(storage.backup(`${made}2`)).rejects.toMatchObject({ code: "closed" });
  await expect(storage.open("orders", call)).rejects.toMatchObject({ code: "closed" });
});

test("the backup of the README does what it says", async () => {
  const file = newPath("orders.db");
  const copy = join(dirname(file), "backup.db");
  const filledStorage = sqliteStorage(file);
  await storeOn(filledStorage).create("d", "me", { texts: ["first"] });
  await filledStorage.close();
  // #region backup
  const storage = sqliteStorage(file); // "orders.db"
  const { bytes, collections } = await storage.backup(copy); // "backup.db", which must not be there yet
  await storage.close();

  // when nobody has it open
  const { kept } = await restoreBackup(copy, file);
  // #endregion backup
  expect([bytes, collections]).toEqual([statSync(copy).size, ["orders"]]);
  expect(await textsIn(file)).toEqual(["first"]);
  expect(existsSync(kept ?? "")).toBe(true);
});
