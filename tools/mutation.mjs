// node tools/mutation.mjs SLICE [FILE...]: changes one part of the library in every way that Stryker knows, and runs the
// narrow tests of that part against each change. Files (such as value/seal.ts) take a part of the slice alone. Ends with
// an error below the score that is asked for; survivors are printed. CONCURRENCY=1 leaves a core to others.
import { Stryker } from "@stryker-mutator/core";

const core = "packages/core/src";
const slices = {
  model: {
    mutate: [
      ...[
        "canonical",
        "canonical-decode",
        "normalise",
        "reconcile",
        "same-value",
        "seal",
        "size",
        "value",
      ].map((name) => `value/${name}`),
      ...["header", "record", "read-record", "record-page", "event-list", "sort-order", "state"].map(
        (name) => `model/${name}`,
      ),
    ].map((name) => `${core}/${name}.ts`),
    tests: [
      "packages/core/test/{canonical,fold-records,format,golden,normalise,reconcile,seal,size,value-order}.test.ts",
      "packages/core/test/{encoded-values,foreign-kind,kept-facts,lent-values,other-realm-bytes,plain-values,same-value,shared-parts}.test.ts",
      "packages/core/test/{event-pages,order-of-kinds,record-bytes,refused-records,state}.test.ts",
      "packages/testkit/test/{canonical,sort-order}.property.test.ts",
    ],
  },
  patch: {
    mutate: [`${core}/patch/*.ts`],
    tests: [
      "packages/core/test/{align-arrays,apply-patches,changes,copy-draft,diff,diff-size,encode-after}.test.ts",
      "packages/core/test/{refused-recipes,run-recipe,touches}.test.ts",
      "packages/testkit/test/{apply-strict,array-edits,element-ids,immer-regressions}.test.ts",
    ],
  },
  fold: {
    mutate: [`${core}/fold/{fold,fold-records,folded,snapshot,stamp}.ts`],
    tests: ["packages/core/test/{golden,fold,fold-records,format,snapshots}.test.ts"],
  },
  "slot-rule": { mutate: [`${core}/write/append.ts`], tests: ["packages/core/test/append.test.ts"] },
  round: {
    mutate: [`${core}/write/{round,plan-chain,waiting-call,document-queues}.ts`],
    tests: ["packages/core/test/{fair-pauses,plan-chain,round,waiting-calls}.test.ts"],
  },
  "view-guard": {
    mutate: [`${core}/memory/view-store.ts`, `${core}/views/view-keeper.ts`, `${core}/views/write-view.ts`],
    tests: ["packages/core/test/{memory-views,view-keeper}.test.ts"],
  },
};

const [name, ...files] = process.argv.slice(2);
const slice = slices[name];
if (slice === undefined) {
  console.error(`Name a slice: ${Object.keys(slices).join(", ")}.`);
  process.exit(1);
}
process.env.MUTATION_TESTS = slice.tests.join(" ");
// the luck of random values must not decide which mutants survive
process.env.SEED ??= "1";
process.env.RUNS ??= "30";
const results = await new Stryker({
  mutate: files.length > 0 ? files.map((file) => `${core}/${file}`) : slice.mutate,
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "tools/mutation.vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: Number(process.env.CONCURRENCY ?? 2),
  timeoutMS: 5_000,
  dryRunTimeoutMinutes: 15,
  tsconfigFile: "none",
  disableTypeChecks: false,
  ignorePatterns: ["**/dist", "coverage", "reports"],
  reporters: ["clear-text", "progress-append-only"],
  clearTextReporter: { logTests: false, allowColor: false },
  allowConsoleColors: false,
  tempDirName: ".stryker-tmp",
}).runMutationTest();
const tested = results.filter(({ status }) => !["Ignored", "CompileError"].includes(status));
const caught = tested.filter(({ status }) => ["Killed", "Timeout"].includes(status));
const late = caught.filter(({ status }) => status === "Timeout");
const score = (100 * caught.length) / tested.length;
console.log(
  `${name}: ${caught.length} of ${tested.length} changes noticed (${late.length} by a timeout), ${score.toFixed(1)} % (at least 90 %)`,
);
process.exit(score >= 90 ? 0 : 1);
