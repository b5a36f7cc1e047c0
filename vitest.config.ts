import { defineConfig } from "vitest/config";

// tests import package names and get src/, so no build is needed before a test run
const source = "@everdraft/source";

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source, "node", "import", "default"] } },
  test: {
    globalSetup: ["tools/build-before-tests.ts", "packages/mongo-adapter/test/server/global-setup.ts"],
    include: ["packages/*/test/**/*.test.ts", "tools/*.test.ts"],
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary"] },
  },
});
