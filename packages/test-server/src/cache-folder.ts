import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder in which what was downloaded for the tests is kept from run to run. */
export function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "everdraft", "test-servers");
  mkdirSync(folder, { recursive: true });
  return folder;
}
