import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache-folder.ts";

const run = promisify(execFile);
const version = "0.7.0b3";
const limits = { timeout: 300_000 };

/** SecantusDB in a venv of its own, made where it is missing. */
export async function installedSecantus(): Promise<{ readonly path: string; readonly version: string }> {
  const folder = join(cacheFolder(), `secantusdb-${version}`);
  const path = join(folder, "bin", "secantusd-py");
  const done = join(folder, "bin", "python3");
  if (existsSync(path) && existsSync(done)) return { path, version };
  try {
    await rm(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder], limits);
    await run(join(folder, "bin", "pip"), ["install", "--quiet", "--pre", `secantusdb==${version}`], limits);
    return { path, version };
  } catch (error) {
    // half of it would be taken for all of it
    await rename(folder, `${folder}.failed-${process.pid}`).catch(() => undefined);
    await rm(`${folder}.failed-${process.pid}`, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new Error(`SecantusDB cannot be installed from PyPI: ${reason}`);
  }
}

/** Its arguments: durable commits, and failpoints for the tests. */
export function secantusArguments(port: number, folder: string): readonly string[] {
  const flags = ["--sync-on-commit", "--enable-test-commands", "--log-level", "ERROR"];
  return ["--host", "127.0.0.1", "--port", `${port}`, "--storage-path", folder, ...flags];
}
