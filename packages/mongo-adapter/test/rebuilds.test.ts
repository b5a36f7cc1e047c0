import { join } from "node:path";
import { workerMongo } from "@everdraft/test-server/vitest";
import { describeRebuilds } from "@everdraft/testkit";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";

describeRebuilds({
  name: "mongodb",
  place: async () => {
    const db = newDatabase();
    return {
      open: () => mongoStorage(db),
      script: [join(import.meta.dirname, "support/rebuilder.mjs"), workerMongo().uri, db.databaseName],
      close: async () => undefined,
    };
  },
});
