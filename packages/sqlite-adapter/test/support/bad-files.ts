import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  OptionsError,
  StorageBusyError,
  StorageCorruptError,
  StorageError,
  StorageFullError,
  StorageReadOnlyError,
  TimeoutError,
} from "@everdraft/core";
import type { RefusedRow } from "@everdraft/testkit";
import { expect } from "vitest";
import { bump, fileOf, otherFile, storeAt, whileLocked } from "./file-under-test.ts";
import { newPath } from "./fixtures.ts";

const locks: readonly RefusedRow[] = [
  {
    title: "an edit of a file that another connection keeps locked",
    error: StorageBusyError,
    code: "storage_busy",
    details: { operation: "store events" },
    remedy: /Another connection keeps the file locked. Try again, or give the call more timeoutMs/,
    provoke: (scene) =>
      whileLocked(scene, async () => {
        const startedAt = performance.now();
        try {
          return await scene.cold().edit("d", "bob", bump, { timeoutMs: 200 });
        } finally {
          expect(performance.now() - startedAt).toBeLessThan(2_000);
        }
      }),
  },
  {
    title: "opening a collection of a file that another connection keeps locked",
    error: TimeoutError,
    code: "timeout",
    details: { id: "d", timeoutMs: 100 },
    remedy: /give it more timeoutMs/,
    provoke: (scene) =>
      whileLocked(scene, () => scene.cold({ collection: "customers" }).get("d", { timeoutMs: 100 })),
  },
];

const disks: readonly RefusedRow[] = [
  {
    title: "an edit on a full disk",
    error: StorageFullError,
    code: "storage_full",
    details: { operation: "store events" },
    remedy: /Make room on the disk, then try again/,
    provoke: async (scene) => {
      const database = fileOf(scene).connection.database();
      database.execute("PRAGMA max_page_count = 1");
      try {
        const bytes = new Uint8Array(200_000);
        return await scene.store.edit("d", "bob", (draft) => void Object.assign(draft, { bytes }));
      } finally {
        database.execute("PRAGMA max_page_count = 100000");
      }
    },
  },
  {
    title: "an edit of a file that may only be read",
    error: StorageReadOnlyError,
    code: "storage_read_only",
    details: { operation: "store events" },
    remedy: /Make the file and its folder writable for this process/,
    provoke: async () => {
      const path = await otherFile();
      const bytes = readFileSync(path);
      // a "write version" above 2 in its header says so; unlike permissions it binds root too
      bytes[18] = 3;
      const copy = join(dirname(path), "read-only.db");
      writeFileSync(copy, bytes);
      const store = storeAt(copy);
      await store.edit("d", "bob", bump).finally(async () => {
        expect(await store.get("d")).toEqual({ n: 1 });
      });
    },
  },
];

const text = "not a database, whatever its name says. ".repeat(100);
const paths: readonly RefusedRow[] = [
  {
    title: "a file that is not a database",
    error: StorageCorruptError,
    code: "storage_corrupt",
    details: { operation: "open the collection" },
    remedy: /The file is no SQLite database/,
    provoke: async () => {
      const path = newPath("letter.db");
      writeFileSync(path, text);
      await storeAt(path)
        .ready()
        .finally(() => expect(readFileSync(path, "utf8")).toBe(text));
    },
  },
  {
    title: "a file whose folder is missing",
    error: StorageError,
    code: "storage",
    details: { operation: "open" },
    remedy: /the folder ".*missing" does not exist. Make it first/,
    provoke: () => storeAt(join(dirname(newPath()), "missing", "orders.db")).ready(),
  },
  {
    title: "a folder in the place of the file",
    error: StorageError,
    code: "storage",
    details: { operation: "open the collection" },
    remedy: /Look whether the path is right/,
    provoke: () => storeAt(dirname(newPath())).ready(),
  },
  {
    title: "an empty path",
    error: OptionsError,
    code: "options",
    details: { option: "path" },
    remedy: /Give a path, or ":memory:" for a trial/,
    provoke: () => storeAt("").ready(),
  },
];

/** Files that are locked, full, not to be written, or none. */
export const fileRows: readonly RefusedRow[] = [...locks, ...disks, ...paths];
