import { describeBadInput } from "@everdraft/testkit";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";
import { samples } from "./support/samples.ts";

describeBadInput({
  name: "mongodb",
  samples,
  open: async () => {
    const db = newDatabase();
    const storage = mongoStorage(db);
    return { storage, close: () => storage.close(), reopen: async () => mongoStorage(db) };
  },
});
