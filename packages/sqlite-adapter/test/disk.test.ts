import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createStore, defineProjection } from "@everdraft/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { translateError } from "../src/errors/translate-error.ts";
import { sqliteStorage } from "../src/index.ts";
import { call, newPath, rawAt } from "./support/fixtures.ts";
import { smallDisk } from "./support/small-disk.ts";
import { runScript } from "./support/told.ts";

// several tests start processes
vi.setConfig({ testTimeout: 60_000 });

const lines = defineProjection({ name: "lines", version: 1, rows: ({ n }: { n: number }) => [{ n }] });

/** A folder with a store of one document and its rows, closed in order; `open` leaves it as a crash does. */
async function folderWithStore(end: "closed" | "crashed" = "closed"): Promise<string> {
  const path = newPath();
  const folder = join(dirname(path), "folder");
  mkdirSync(folder);
  chmodSync(dirname(path), 0o755);
  const storage = sqliteStorage(path);
  const store = createStore<{ n: number }>({ collection: "orders", storage, projections: [lines] });
  await store.create("d", "me", { n: 1 });
  await store.edit("d", "me", (draft) => void draft.n++);
  await store.rows(lines).find({}).toArray();
  await store.close();
  if (end === "closed") await storage.close();
  for (const ending of ["", "-wal"])
    if (existsSync(path + ending)) copyFileSync(path + ending, join(folder, `orders.db${ending}`));
  await storage.close();
  return folder;
}

/** What a user without the right to write finds, and the names that are in the folder afterwards. */
function asGuest(folder: string, { file, folder: mode }: { file: number; folder: number }) {
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), file);
  chmodSync(folder, mode);
  onTestFinished(() => chmodSync(folder, 0o755));
  const script = join(import.meta.dirname, "support", "as-guest.mjs");
  const path = join(folder, "orders.db");
  const elsewhere = dirname(newPath());
  chmodSync(elsewhere, 0o777);
  const args = [script, path, join(elsewhere, "backup.db")];
  const told: unknown = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  return { told, names: readdirSync(folder).sort() };
}

const readable = {
  get: { n: 2 },
  history: 2,
  find: 1,
  rows: 1,
  verify: true,
  verifyAll: 1,
  rebuild: true,
  collections: "orders",
  backup: "orders",
  edit: "storage_read_only",
  other: "storage_read_only",
};

describe("a file that may not be written to", () => {
  test("is read, in a folder that may not be written to either, and nothing is made beside it", async () => {
    const folder = await folderWithStore();
    expect(asGuest(folder, { file: 0o444, folder: 0o555 })).toEqual({ told: readable, names: ["orders.db"] });
  });

  test("is read in a folder that may be written to, and nothing is made beside it", async () => {
    const folder = await folderWithStore();
    expect(asGuest(folder, { file: 0o444, folder: 0o777 })).toEqual({ told: readable, names: ["orders.db"] });
  });

  test("is read where the folder alone may not be written to", async () => {
    const folder = await folderWithStore();
    expect(asGuest(folder, { file: 0o666, folder: 0o555 })).toEqual({ told: readable, names: ["orders.db"] });
  });

  test("with a log that was left by a crash is told to be what it is: not all of it can be read", async () => {
    const folder = await folderWithStore("crashed");
    expect(readdirSync(folder)).toEqual(["orders.db", "orders.db-wal"]);
    const { told } = asGuest(folder, { file: 0o444, folder: 0o555 });
    expect(told).toMatchObject({ get: "storage_read_only", edit: "storage_read_only" });
  });

  test("and not be read is a StorageReadOnlyError, and so is a new one where none may be made", async () => {
    const folder = await folderWithStore();
    const told = { get: "storage_read_only", edit: "storage_read_only" };
    expect(asGuest(folder, { file: 0o000, folder: 0o755 }).told).toMatchObject(told);
    const empty = join(folder, "empty");
    mkdirSync(empty);
    expect(asGuest(empty, { file: 0o000, folder: 0o555 })).toMatchObject({ told, names: [] });
  });
});

test("too many open files are named, with what mends it", async () => {
  const path = newPath();
  const script = `
    import { openSync } from "node:fs";
    import { sqliteStorage } from "@everdraft/sqlite-adapter";
    const call = { timeoutMs: 5000 };
    const [path] = process.argv.slice(1);
    const first = sqliteStorage(path);
    await first.open("orders", call);
    try {
      for (;;) openSync("/dev/null");
    } catch {}
    const error = await sqliteStorage(path + "2").open("orders", call).catch((error) => error);
    console.log(error.code, error.message.includes("too many files open"));
    process.exit();
  `;
  expect(await runScript(script, [path], "ulimit -n 400")).toBe("storage true\n");
});

describe("a file system that is really full", () => {
  const full = { code: "storage_full", message: expect.stringContaining("Make room on the disk") };

  // with no room at all, for the file alone, for the log beside it but not for the shared memory, and for most of it
  test.each([0, 1, 2, 8, 12])(
    "with room for %i pages refuses a new file with StorageFullError, and takes it once there is room",
    async (left) => {
      const disk = smallDisk("64k");
      const free = disk.fill(left);
      const storage = sqliteStorage(join(disk.folder, "orders.db"));
      onTestFinished(() => storage.close());
      await expect(storage.open("orders", call)).rejects.toMatchObject(full);
      free();
      disk.grow("4m");
      await expect(storage.open("orders", call)).resolves.toBeDefined();
    },
  );

  test.each([0, 2])(
    "with room for %i pages refuses to open a store with StorageFullError, and opens it once there is room",
    async (left) => {
      const disk = smallDisk("400k");
      const path = join(disk.folder, "orders.db");
      const first = sqliteStorage(path);
      const store = createStore<{ n: number }>({ collection: "orders", storage: first });
      await store.create("d", "me", { n: 1 });
      await store.close();
      await first.close();
      const free = disk.fill(left);
      const storage = sqliteStorage(path);
      onTestFinished(() => storage.close());
      const again = createStore<{ n: number }>({ collection: "orders", storage });
      await expect(again.read("d")).rejects.toMatchObject(full);
      free();
      expect((await again.edit("d", "me", (draft) => void draft.n++)).version).toBe(2);
    },
  );
});

describe("the system's error, where the engine tells it, decides the code:", () => {
  test.each([
    [
      "a full disk that has no room for the shared memory",
      { errcode: 4874, systemErrno: 28 },
      "storage_full",
    ],
    [
      "a full disk that is met when a statement is prepared",
      { errcode: 10, sqliteExtendedCode: 4874, systemErrno: 28 },
      "storage_full",
    ],
    ["a full quota when a file is made", { errcode: 14, systemErrno: 122 }, "storage_full"],
    ["a file system that is mounted for reading", { errcode: 14, systemErrno: 30 }, "storage_read_only"],
    ["no permission", { errcode: 14, systemErrno: 13 }, "storage_read_only"],
    ["too many open files", { errcode: 14, systemErrno: 24 }, "storage"],
    ["a failure of the disk", { errcode: 1034, systemErrno: 28 }, "storage"],
  ])("%s", (_, facts, code) => {
    const thrown = Object.assign(new Error("unable to open database file"), facts);
    expect(translateError(thrown, { operation: "open", path: "/data/a.db" })).toMatchObject({ code });
  });
});

test("a table that somebody dropped is a StorageCorruptError, when it is missed and when the file is opened", async () => {
  const path = newPath();
  const storage = sqliteStorage(path);
  onTestFinished(() => storage.close());
  const store = createStore<{ n: number }>({ collection: "orders", storage });
  await store.create("d", "me", { n: 1 });
  const raw = rawAt(path);
  raw.exec('DROP TABLE "orders.events"');
  raw.close();
  const corrupt = {
    code: "storage_corrupt",
    message: expect.stringContaining("Restore the file from a backup"),
  };
  await expect(store.read("d")).rejects.toMatchObject(corrupt);
  const again = sqliteStorage(path);
  onTestFinished(() => again.close());
  await expect(again.open("orders", { timeoutMs: 5_000 })).rejects.toMatchObject(corrupt);
});

test("damaged pages are a StorageCorruptError for whatever reads them, lists too", async () => {
  const path = newPath();
  const storage = sqliteStorage(path);
  const store = createStore<{ n: number; text: string }>({ collection: "orders", storage });
  for (let n = 0; n < 20; n++) await store.create(`d-${n}`, "me", { n, text: "x".repeat(3_000) });
  await store.close();
  await storage.close();
  const raw = rawAt(path);
  const pages = raw.prepare("SELECT pageno FROM dbstat WHERE name = 'orders' AND pagetype = 'leaf'").all();
  raw.close();
  const bytes = readFileSync(path);
  for (const page of pages.slice(5)) {
    const end = Number(page.pageno) * 4_096;
    bytes.fill(0x55, end - 4_096, end);
  }
  writeFileSync(path, bytes);
  const damaged = sqliteStorage(path);
  onTestFinished(() => damaged.close());
  const again = createStore<{ n: number }>({ collection: "orders", storage: damaged });
  const corrupt = { code: "storage_corrupt" };
  await expect(again.find({}).toArray()).rejects.toMatchObject(corrupt);
  await expect(again.count({ n: 1 })).rejects.toMatchObject(corrupt);
});
