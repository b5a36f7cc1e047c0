// The sections that no storage can fail, which are proven once.
import { memoryStorage } from "@everdraft/core/memory";
import { describeSections } from "../src/describe-storage.ts";
import { ofTheLibraryAlone } from "../src/store-sections/sections.ts";

describeSections(
  {
    name: "memory",
    open: async () => {
      const storage = memoryStorage();
      return { storage, close: () => storage.close() };
    },
  },
  [...ofTheLibraryAlone].map(({ name }) => name),
);
