import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStorage } from "../../sqlite-adapter/src/index.ts";
import { describeStore } from "../src/store-sections/describe-store.ts";

describeStore({
  name: "sqlite",
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), "st-"));
    const file = join(folder, "a.db");
    const storage = sqliteStorage(file);
    return {
      storage,
      reopen: async () => sqliteStorage(file),
      close: async () => {
        await storage.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});
