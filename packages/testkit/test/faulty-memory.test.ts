import { memoryStorage } from "@everdraft/core/memory";
import { describeStorage, faulty } from "../src/index.ts";

describeStorage({
  name: "memory behind a plan without faults",
  open: async () => {
    const storage = faulty(memoryStorage());
    return { storage, close: () => storage.close() };
  },
});
