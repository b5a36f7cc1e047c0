import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Storage } from "@everdraft/core/adapter";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { findProgram, type OwnServer, startServer } from "@everdraft/test-server";
import { MongoClient } from "mongodb";
import type { Target } from "./writer/settings.ts";

const engine = await loadEngine();

/** Where a cell happens: a server with its database, or a file. */
export interface World {
  /** For people: the server or engine and its version. */
  readonly what: string;
  /** The way to it without anything in between. */
  readonly target: Target;
  readonly server?: OwnServer;
  readonly client?: MongoClient;
  /** The folder on a small disk, where there is one. */
  readonly disk?: string;
  /** A storage of this process's own on it. */
  open(): Storage<string>;
  close(): Promise<void>;
}

/** Starts a server of its own, on a small disk where that is asked for. */
export async function mongoWorld(retryWrites: boolean, smallDisk: boolean): Promise<World> {
  const program = await findProgram();
  // the run's own files must not fill it: then no server could start again
  const disk = smallDisk ? mountSmallDisk(768) : undefined;
  const server = await startServer(program, disk);
  const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 1_000 });
  const database = "faults";
  const info = await client.db("admin").command({ buildInfo: 1 });
  return {
    what: `${program.what.replace(/ \(.*\)/, "")}, reports ${info.version}`,
    target: { storage: "mongodb", uri: server.uri, database, retryWrites },
    server,
    client,
    ...(disk !== undefined && { disk }),
    open: () => mongoStorage(client.db(database)),
    close: async () => {
      await client.close();
      await server.stop();
      if (disk !== undefined) unmount(disk);
    },
  };
}

/** Makes a folder for a file, on a small disk where that is asked for. */
export function sqliteWorld(smallDisk: boolean): World {
  const disk = smallDisk ? mountSmallDisk(24) : undefined;
  const folder = disk ?? mkdtempSync(join(tmpdir(), "everdraft-faults-file-"));
  const file = join(folder, "faults.db");
  return {
    what: `SQLite ${engine.sqlite} (${engine.name})`,
    target: { storage: "sqlite", file },
    ...(disk !== undefined && { disk }),
    open: () => sqliteStorage(file),
    close: async () => {
      if (disk !== undefined) unmount(disk);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A disk in memory of so many MiB. Only who may mount has one. */
function mountSmallDisk(size: number): string {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-disk-"));
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}m`, "tmpfs", folder], { stdio: "pipe" });
  process.once("exit", () => unmount(folder));
  return folder;
}

function unmount(folder: string): void {
  try {
    execFileSync("umount", ["-l", folder], { stdio: "pipe" });
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // it is not mounted any more
  }
}
