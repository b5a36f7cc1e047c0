import { memoryStorage } from "@everdraft/core/memory";
import { describeBadInput } from "../src/bad-input/describe-bad-input.ts";

describeBadInput({
  name: "memory",
  open: async () => {
    const storage = memoryStorage();
    return { storage, close: () => storage.close() };
  },
});
