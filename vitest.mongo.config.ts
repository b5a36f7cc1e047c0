import { defineConfig } from "vitest/config";
import shared from "./vitest.config.ts";

/** The tests of the MongoDB adapter, on a server that their set-up finds and starts. */
export default defineConfig({
  resolve: { conditions: ["@everdraft/source"] },
  ssr: { resolve: { conditions: ["@everdraft/source", "node", "import", "default"] } },
  test: {
    globalSetup: [...(shared.test?.globalSetup ?? []), "packages/mongo-adapter/test/server/global-setup.ts"],
    include: ["packages/mongo-adapter/test/**/*.test.ts"],
    // one server for all: its answers grow slow under several files at once
    fileParallelism: false,
  },
});
