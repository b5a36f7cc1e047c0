import { memoryStorage } from "@everdraft/core/memory";
import { describeRealData } from "../src/real-data/describe-real-data.ts";

describeRealData({
  name: "memory",
  open: async () => {
    const storage = memoryStorage();
    return { storage, close: () => storage.close() };
  },
});
