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

const longest = ["conformance", "bad-input", "real-data", "conformance-atomic", "rebuilds", "fault-table"];

/** The longest files begin, those on a server before the others, so that no worker is left with a long one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification): number => {
      if (project.name !== "mongodb") return 3;
      return longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`)) - longest.length;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary"] },
    globalSetup: ["tools/build-before-tests.ts"],
    // tests on a server wait for it half of the time
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
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
