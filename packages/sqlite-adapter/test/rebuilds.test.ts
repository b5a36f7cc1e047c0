import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeRebuilds } from "@everdraft/testkit";
import { sqliteStorage } from "../src/index.ts";

describeRebuilds({
  name: "sqlite",
  place: async () => {
    const folder = mkdtempSync(join(tmpdir(), "everdraft-"));
    const file = join(folder, "sheets.db");
    return {
      open: () => sqliteStorage(file),
      script: [join(import.meta.dirname, "support/rebuilder.mjs"), file],
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});
