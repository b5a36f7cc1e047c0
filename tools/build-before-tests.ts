import { execFileSync } from "node:child_process";
import { join } from "node:path";

/**
 * Tests that start real processes run what users run: built packages. Building takes a second, and nothing where nothing
 * changed.
 */
export function setup(): void {
  const root = join(import.meta.dirname, "..");
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  execFileSync(
    process.execPath,
    [
      tsc,
      "--build",
      "packages/demo",
      "packages/mongo-adapter",
      "packages/cli",
      "packages/testkit",
      "packages/faults",
    ],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
}
