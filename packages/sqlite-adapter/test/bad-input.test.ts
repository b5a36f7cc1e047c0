import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeBadInput } from "@everdraft/testkit";
import { connect } from "../src/engine/connection.ts";
import { sqliteStorage } from "../src/index.ts";
import { storageOn } from "../src/sqlite-storage.ts";
import { contentRows } from "./support/bad-contents.ts";
import { fileRows } from "./support/bad-files.ts";
import { filesUnderTest } from "./support/file-under-test.ts";

// hundreds of files, whose durability is not in question here: in memory they take half the time
const folders = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

describeBadInput(
  {
    name: "sqlite",
    open: async () => {
      const folder = mkdtempSync(join(folders, "everdraft-bad-input-"));
      const path = join(folder, "test.db");
      const connection = connect(path);
      const storage = storageOn(connection);
      filesUnderTest.set(storage, { path, connection });
      return {
        storage,
        reopen: async () => sqliteStorage(path),
        close: async () => {
          await storage.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  },
  { files: fileRows, "contents of files": contentRows },
);
