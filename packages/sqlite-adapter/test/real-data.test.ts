import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeRealData } from "@everdraft/testkit";
import { sqliteStorage } from "../src/index.ts";

describeRealData({
  name: "sqlite",
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), "everdraft-real-data-"));
    const path = join(folder, "histories.db");
    const storage = sqliteStorage(path);
    return {
      storage,
      reopen: async () => sqliteStorage(path),
      close: async () => {
        await storage.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
});
