// The checks that no storage fails by a fault of its own, which are proven once.
import { memoryStorage } from "@everdraft/core/memory";
import { describeLibraryAlone } from "../src/describe-storage.ts";

describeLibraryAlone({
  name: "memory",
  open: async () => {
    const storage = memoryStorage();
    return { storage, close: () => storage.close() };
  },
});
