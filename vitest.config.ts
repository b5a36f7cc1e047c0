import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// tests import package names and get src/, so no build is needed before a test run
const source = "@everdraft/source";
const resolve = { conditions: [source] };
const ssr = { resolve: { conditions: [source, "node", "import", "default"] } };
const onMongo = [
  "packages/mongo-adapter/test/**/*.test.ts",
  "{packages,examples}/*/test/**/*.mongodb.test.ts",
];

/** What waits for a server takes longest, so it begins first. */
class ServerFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isOnServer = ({ project }: TestSpecification): number => Number(project.name === "mongodb");
    return (await super.sort(files)).toSorted((a, b) => isOnServer(b) - isOnServer(a));
  }
}

export default defineConfig({
  test: {
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary"] },
    globalSetup: ["tools/build-before-tests.ts"],
    // tests on a server wait for it half of the time
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: ServerFirst },
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: "embedded",
          include: ["{packages,examples}/*/test/**/*.test.ts", "tools/*.test.ts"],
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
