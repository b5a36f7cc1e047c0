import { memoryStorage } from "@everdraft/core/memory";
import { describeStore } from "../src/store-sections/describe-store.ts";

describeStore({
  name: "memory",
  open: async () => {
    const storage = memoryStorage();
    return { storage, close: () => storage.close() };
  },
});
