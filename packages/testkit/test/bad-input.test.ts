import { memoryStorage } from "@everdraft/core/memory";
import { describeAllBadInput } from "../src/bad-input/describe-bad-input.ts";

describeAllBadInput({
  name: "memory",
  open: async () => {
    const storage = memoryStorage();
    return { storage, close: () => storage.close() };
  },
});
