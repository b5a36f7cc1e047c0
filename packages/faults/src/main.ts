import { parseArgs } from "node:util";
import { type Cell, replay, runCell } from "./cell.ts";
import { type Finding, promises } from "./check/finding.ts";
import { faults } from "./faults/list.ts";
import { quickCells } from "./quick-cells.ts";
import { saveRow } from "./report.ts";
import { header, rowOf } from "./row.ts";

const { values } = parseArgs({
  options: {
    storage: { type: "string" },
    fault: { type: "string" },
    "retry-writes": { type: "string" },
    seed: { type: "string" },
    acts: { type: "string" },
    ci: { type: "boolean" },
    report: { type: "boolean" },
    keep: { type: "boolean" },
    replay: { type: "string" },
  },
});

// ended as a program ends, so that servers and disks of its own do not stay behind
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const minute = 60_000;

/** The cells that were asked for. */
function cells(): Cell[] {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
  const acts = Number(values.acts ?? 1_000);
  const rest = { seed, acts, longest: 10 * minute + acts * 100, keep: values.keep === true };
  if (values.ci === true) return quickCells(seed);
  return (["sqlite", "mongodb"] as const)
    .filter((storage) => values.storage === undefined || values.storage === storage)
    .flatMap((storage) =>
      faults[storage]
        .filter(({ name }) => values.fault === undefined || values.fault.split(",").includes(name))
        .flatMap((fault): Cell[] => {
          if (storage === "sqlite") return [{ storage, fault, retryWrites: false, ...rest }];
          return [true, false]
            .filter((on) => values["retry-writes"] === undefined || on === (values["retry-writes"] === "on"))
            .map((retryWrites) => ({ storage, fault, retryWrites, ...rest }));
        }),
    );
}

function tell(findings: readonly Finding[]): void {
  for (const { promise, kind, doc, act, message } of findings.slice(0, 10)) {
    console.log(
      `    ${promise} (${promises[promise]}), ${kind}: document ${doc}${act === undefined ? "" : `, act ${act}`}. ${message}`,
    );
  }
  if (findings.length > 10) console.log(`    … and ${findings.length - 10} more`);
}

if (values.replay !== undefined) {
  const { findings, counts } = replay(values.replay);
  console.log(counts);
  tell(findings);
  process.exitCode = findings.length === 0 ? 0 : 1;
} else {
  const chosen = cells();
  if (chosen.length === 0) {
    console.error(
      `There is no such cell. Faults: ${JSON.stringify(Object.fromEntries(Object.entries(faults).map(([storage, list]) => [storage, list.map(({ name }) => name)])))}`,
    );
    process.exitCode = 1;
  }
  console.log(header);
  for (const cell of chosen) {
    const begun = performance.now();
    try {
      const run = await runCell(cell);
      console.log(rowOf(cell, run, performance.now() - begun));
      tell(run.findings);
      if (run.folder !== undefined) console.log(`    its history: pnpm soak --replay ${run.folder}`);
      if (!run.green) process.exitCode = 1;
      if (values.report === true) saveRow(cell, run);
    } catch (error) {
      console.log(
        `${cell.storage} ${cell.fault.name} seed ${cell.seed}: could not be run: ${error instanceof Error ? error.stack : error}`,
      );
      process.exitCode = 1;
    }
  }
  process.exit();
}
