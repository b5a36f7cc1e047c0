import { describeRealData } from "@everdraft/testkit";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";

describeRealData({
  name: "mongodb",
  open: async () => {
    const db = newDatabase();
    const storage = mongoStorage(db);
    return { storage, reopen: async () => mongoStorage(db), close: () => storage.close() };
  },
});
