import { configDefaults, defineConfig } from "vitest/config";

// tests import package names and get src/, so no build is needed before a test run
const source = "@everdraft/source";

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source, "node", "import", "default"] } },
  test: {
    globalSetup: ["tools/build-before-tests.ts"],
    include: ["packages/*/test/**/*.test.ts", "tools/*.test.ts"],
    // those that need a MongoDB have a set-up and a script of their own: vitest.mongo.config.ts
    exclude: [...configDefaults.exclude, "packages/mongo-adapter/**"],
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary"] },
  },
});
