// node tools/soak-properties.mjs [RUNS]: tries every law of values, patches and folds on RUNS random cases (5,000), the
// rarer ones of whole stores on a fiftieth of that. A failure prints its seed; SEED=… runs it again.
import { spawnSync } from "node:child_process";
import process from "node:process";

const runs = Number(process.argv[2] ?? 5_000);
if (!Number.isSafeInteger(runs) || runs < 50) {
  console.error("Say how many random cases each law is tried on: a whole number from 50.");
  process.exit(1);
}
const parts = [
  {
    runs,
    files: ["canonical", "fold", "patches", "sort-order"].map((name) => `${name}.property`),
    titles: "",
  },
  {
    runs: Math.round(runs / 50),
    files: ["random-faults", "interleavings", "memory"],
    titles: "random|in whatever order calls",
  },
];
for (const { runs: each, files, titles } of parts) {
  console.log(`\n${files.join(", ")}: ${each} random cases for each law`);
  const { status } = spawnSync(
    "npx",
    [
      ...["vitest", "run", "--project", "embedded", "--testTimeout=3600000"],
      ...files.map((name) => `packages/testkit/test/${name}.test.ts`),
      ...(titles === "" ? [] : ["-t", titles]),
    ],
    { stdio: "inherit", env: { ...process.env, RUNS: `${each}` } },
  );
  if (status !== 0) process.exit(1);
}
