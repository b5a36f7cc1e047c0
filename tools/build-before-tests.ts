import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Tests that start real processes run built packages, as users do. Building takes a second, and nothing where nothing changed. */
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
      "examples/orders",
      "packages/testkit",
      "packages/faults",
    ],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
}
