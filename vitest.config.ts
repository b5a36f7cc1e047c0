import { configDefaults, defineConfig } from "vitest/config";

// tests import package names and get src/, so no build is needed before a test run
const source = "@everdraft/source";
const resolve = { conditions: [source] };
const ssr = { resolve: { conditions: [source, "node", "import", "default"] } };
const onMongo = ["packages/mongo-adapter/test/**/*.test.ts", "packages/*/test/**/*.mongodb.test.ts"];

export default defineConfig({
  test: {
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary"] },
    globalSetup: ["tools/build-before-tests.ts"],
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: "embedded",
          include: ["packages/*/test/**/*.test.ts", "tools/*.test.ts"],
          exclude: [...configDefaults.exclude, ...onMongo],
        },
      },
      {
        // those that need a MongoDB, which their set-up finds and starts
        resolve,
        ssr,
        test: {
          name: "mongodb",
          include: onMongo,
          globalSetup: ["packages/test-server/src/global-setup.ts"],
        },
      },
    ],
  },
});
