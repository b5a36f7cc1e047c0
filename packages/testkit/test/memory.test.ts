import { memoryStorage } from "@everdraft/core/memory";
import { describeStorage } from "../src/describe-storage.ts";

// #region conformance
describeStorage({
  name: "memory",
  open: async () => {
    const storage = memoryStorage();
    return { storage, close: () => storage.close() };
  },
});
// #endregion conformance
