import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const peers = fileURLToPath(new URL("../../peers", import.meta.url));

/**
 * The program of a peer, in a folder of its own with the packages of its lock file, so that no package of this repository depends on
 * them. They are installed by npm, without their scripts, where they were not before.
 */
export async function installedPeer(name: string): Promise<string> {
  const source = join(peers, name);
  const lock = await readFile(join(source, "package-lock.json"));
  const digest = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(cache, "everdraft", "bench-peers", `${name}-${digest}`);
  if (!(await isFolder(folder))) {
    console.log(`  installing ${name} from npm, once`);
    // half of it would be taken for all of it
    const begun = `${folder}.${process.pid}`;
    try {
      await cp(source, begun, { recursive: true });
      await run("npm", ["ci", "--ignore-scripts", "--legacy-peer-deps"], { cwd: begun, timeout: 300_000 });
      await rename(begun, folder);
    } catch (error) {
      await rm(begun, { recursive: true, force: true });
      throw new Error(`The packages of ${name} cannot be installed from npm into ${folder}`, {
        cause: error,
      });
    }
  }
  const program = join(folder, "peer.mjs");
  await cp(join(source, "peer.mjs"), program);
  return program;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
