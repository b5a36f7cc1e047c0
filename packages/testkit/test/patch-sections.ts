// What of the kit proves recipes and patches, on memory: only for `pnpm mutation patch`, since memory.test.ts runs all of it.
import { memoryStorage } from "@everdraft/core/memory";
import { describeBadInput, describeSections } from "../src/index.ts";

const fixture = {
  name: "memory",
  open: async () => {
    const storage = memoryStorage();
    return { storage, close: () => storage.close() };
  },
};

describeSections(fixture, [
  ...["recipes", "reading differences", "writes that change nothing", "values handed in and out"],
  ...["life and death", "logs that were tampered with", "migrations"],
]);
describeBadInput(fixture);
