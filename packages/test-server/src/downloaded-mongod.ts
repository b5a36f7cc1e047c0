import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MongoBinary } from "mongodb-memory-server-core";
import { cacheFolder } from "./cache-folder.ts";

const day = 86_400_000;
const longest = 120_000;

/**
 * The path of a mongod that mongodb-memory-server has or can download. A download that failed is not tried
 * again for a day.
 */
export async function downloadedMongod(): Promise<string> {
  const failure = join(cacheFolder(), "download-failed");
  if (existsSync(failure) && Date.now() - statSync(failure).mtimeMs < day) {
    throw new Error(
      `downloading a mongod failed within a day (${readFileSync(failure, "utf8")}; remove ${failure} to try again)`,
    );
  }
  let timer: NodeJS.Timeout | undefined;
  try {
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it took longer than ${longest / 1000} s`)), longest);
    });
    const downloadDir = join(cacheFolder(), "mongod");
    const path = await Promise.race([MongoBinary.getPath({ downloadDir }), tooLong]);
    rmSync(failure, { force: true });
    return path;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    writeFileSync(failure, `${reason}`);
    throw new Error(`a mongod cannot be downloaded: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}
