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

/*
 * Tests that a change seldom breaks and that take long: `pnpm test` leaves them to `pnpm test:all`. The command, the demo and
 * the fault runs start many processes; the further MongoDB files try servers that die, other drivers and other set-ups.
 */
const further = [
  "packages/{cli,demo,faults}/test/**/*.test.ts",
  "examples/*/test/**/*.test.ts",
  "tools/*.test.ts",
  "packages/mongo-adapter/test/conformance-{least,standalone,sharded,driver-6}.test.ts",
  "packages/mongo-adapter/test/{fault-table,faults,hostile-fields,processes,rebuilds,real-data}.test.ts",
  "packages/mongo-adapter/test/{server-killed,rebuild-server-killed,restored-server,late-server}.test.ts",
  "packages/mongo-adapter/test/{driver-types,other-drivers,other-servers,many-writers,shards-of-calls}.test.ts",
  "packages/sqlite-adapter/test/{hostile-bytes,processes,rebuilds,under-jest}.test.ts",
];

// what takes longest begins, so that no worker is left with it at the end
const longest = [
  ...["mongo-adapter/test/conformance", "mongo-adapter/test/bad-input", "mongo-adapter/test/real-data"],
  ...["mongo-adapter/test/rebuilds", "mongo-adapter/test/fault-table", "cli/test/upkeep"],
  ...[
    "mongo-adapter/test/conformance-atomic",
    "sqlite-adapter/test/rebuilds",
    "sqlite-adapter/test/conformance",
  ],
  ...["testkit/test/worked-example", "cli/test/usage"],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary"] },
    globalSetup: ["tools/build-before-tests.ts"],
    // tests on a server wait for it half of the time, so that two cores have work for three
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: "embedded",
          setupFiles: ["tools/unpolluted.ts"],
          include: ["{packages,examples}/*/test/**/*.test.ts", "tools/*.test.ts"],
          exclude: [...configDefaults.exclude, ...onMongo, ...further],
        },
      },
      {
        // those that need a MongoDB, which their set-up finds and starts
        resolve,
        ssr,
        test: {
          name: "mongodb",
          include: onMongo,
          exclude: [...configDefaults.exclude, ...further],
          globalSetup: ["packages/test-server/src/global-setup.ts"],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "further",
          setupFiles: ["tools/unpolluted.ts"],
          include: further,
          globalSetup: ["packages/test-server/src/global-setup.ts"],
        },
      },
    ],
  },
});
