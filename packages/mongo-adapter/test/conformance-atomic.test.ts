import { describeStorage } from "@everdraft/testkit";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";
import { gaps } from "./support/gaps.ts";
import { samples } from "./support/samples.ts";

describeStorage({
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
});
