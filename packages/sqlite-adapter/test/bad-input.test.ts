import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { describeBadInput } from "@everdraft/testkit";
import { connect } from "../src/connection.ts";
import { sqliteStorage } from "../src/index.ts";
import { storageOn } from "../src/sqlite-storage.ts";
import { contentRows } from "./support/bad-contents.ts";
import { fileRows } from "./support/bad-files.ts";
import { filesUnderTest } from "./support/file-under-test.ts";
import { newPath } from "./support/fixtures.ts";

describeBadInput(
  {
    name: "sqlite",
    open: async () => {
      const path = newPath();
      const connection = connect(path);
      const storage = storageOn(connection);
      filesUnderTest.set(storage, { path, connection });
      return {
        storage,
        reopen: async () => sqliteStorage(path),
        close: async () => {
          await storage.close();
          rmSync(dirname(path), { recursive: true, force: true });
        },
      };
    },
  },
  { files: fileRows, "contents of files": contentRows },
);
