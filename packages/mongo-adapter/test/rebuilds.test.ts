import { join } from "node:path";
import { describeRebuilds } from "@everdraft/testkit";
import { inject } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";

describeRebuilds({
  name: "mongodb",
  place: async () => {
    const db = newDatabase();
    return {
      open: () => mongoStorage(db),
      script: [join(import.meta.dirname, "support/rebuilder.mjs"), inject("mongo").uri, db.databaseName],
      close: async () => undefined,
    };
  },
});
