import { workerMongo } from "@everdraft/test-server/vitest";
import { expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { call } from "./support/build.ts";
import { newDatabase } from "./support/database.ts";
import { gaps } from "./support/gaps.ts";
import { describeSetUp } from "./support/prove.ts";
import { samples } from "./support/samples.ts";

if (workerMongo().abilities.transactions) {
  describeSetUp(
    {
      name: "mongodb with atomicViews",
      samples,
      gaps,
      open: async () => {
        const db = newDatabase();
        const storage = mongoStorage(db, { atomicViews: true });
        return {
          storage,
          close: () => storage.close(),
          reopen: async () => mongoStorage(db, { atomicViews: true }),
        };
      },
    },
    [
      ...[
        "append",
        "capabilities",
        "chains",
        "slots and conflicts",
        "views",
        "views over known ones",
        "reopening",
      ],
      ...["what a write answers", "idempotency keys", "life and death", "several writers"],
      ...["many writes at once in one process", "resolving writes in doubt", "giving up"],
    ],
  );
} else {
  test("atomicViews are refused when a collection is opened, since the server takes no transaction back", async () => {
    const storage = mongoStorage(newDatabase(), { atomicViews: true });
    await expect(storage.open("orders", call)).rejects.toMatchObject({
      code: "options",
      details: { option: "atomicViews" },
    });
    await storage.close();
  });
}
