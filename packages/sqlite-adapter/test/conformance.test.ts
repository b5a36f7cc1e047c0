import { describeStorage } from "@everdraft/testkit";
import { sqliteStorage } from "../src/index.ts";
import { newPath } from "./support/fixtures.ts";

describeStorage({
  name: "sqlite",
  open: async () => {
    const path = newPath();
    const storage = sqliteStorage(path);
    return { storage, close: () => storage.close(), reopen: async () => sqliteStorage(path) };
  },
});
