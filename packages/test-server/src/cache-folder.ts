import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder for downloads of the tests, kept from run to run. */
export function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "everdraft", "test-servers");
  mkdirSync(folder, { recursive: true });
  return folder;
}
