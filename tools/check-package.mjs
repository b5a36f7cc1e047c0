// node ../../tools/check-package.mjs, in the folder of a package: packs it as it is published, and has publint and
// arethetypeswrong look at what was packed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "everdraft-packed-"));
const run = (command, args, output = "inherit") => {
  const { status } = spawnSync(command, args, { stdio: ["ignore", output, "inherit"] });
  if (status !== 0) process.exitCode = 1;
  return status === 0;
};
try {
  // the pnpm that runs this script
  const pnpm = [process.env.npm_execpath ?? "pnpm", "pack", "--pack-destination", folder];
  const [command, args] = /\.[cm]?js$/.test(pnpm[0]) ? [process.execPath, pnpm] : [pnpm[0], pnpm.slice(1)];
  // without the list of all files
  if (run(command, args, "ignore")) {
    const packed = join(folder, readdirSync(folder)[0]);
    run("publint", ["run", packed, "--strict"]);
    run("attw", [packed, "--profile", "esm-only", "-f", "table-flipped"]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
