// node tools/other-nodes.mjs: the tests of the SQLite adapter on other versions of Node than this one. Which SQLite it uses
// depends on them: Node's own where that is new enough, else that of a package. Each has to pass all of them. npx gets the
// versions. Tests of the engine and the system alone are run on every version.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { exit, version } from "node:process";

const root = join(import.meta.dirname, "..");
const tests = "packages/sqlite-adapter/test";
const ofEngine = ["backup", "closing", "disk", "engine", "file-taken-away", "foreign-files"].map(
  (name) => `${tests}/${name}.test.ts`,
);
const here = Number(version.slice(1).split(".")[0]);

// the first with the package's engine, the last with Node's own, and the first whose own is chosen
const all = here >= 24 ? [20] : [24];
const some = [20, 22, 24].filter((major) => major !== here && !all.includes(major));
// one whose own is too old, so that it is a second library in the process of the package's engine
const old = ["22.16.0", ["engine", "file-taken-away"].map((name) => `${tests}/${name}.test.ts`)];
const runs = [...all.map((major) => [major, [tests]]), ...some.map((major) => [major, ofEngine]), old];

let failed = 0;
for (const [node, files] of runs) {
  process.stdout.write(`\nThe SQLite adapter on Node ${node}\n`);
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "embedded", "--maxWorkers=2"];
  const { status, error } = spawnSync("npx", ["-y", "-p", `node@${node}`, "node", ...vitest, ...files], {
    cwd: root,
    stdio: "inherit",
    // a run that takes longer hangs
    timeout: 20 * 60_000,
  });
  if (status === 0) continue;
  failed++;
  process.stdout.write(`Node ${node}: ${error?.message ?? `exit code ${status}`}\n`);
}
exit(failed === 0 ? 0 : 1);
