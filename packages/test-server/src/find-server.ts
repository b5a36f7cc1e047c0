import { execFileSync } from "node:child_process";
import { downloadedMongod } from "./downloaded-mongod.ts";
import type { Program } from "./program.ts";
import { type Running, startServer } from "./running-server.ts";
import { installedSecantus, secantusArguments } from "./secantus.ts";

/** A MongoDB that the tests may use. */
export interface FoundServer extends Running {
  /** Which one it is, for people. */
  readonly what: string;
  /** Whether it was there before and goes on. */
  readonly stays: boolean;
}

/** Several of them, of one kind. */
export interface FoundServers extends Omit<FoundServer, "uri"> {
  readonly uris: readonly string[];
}

/** The first MongoDB that is there. Fails where none can be had: tests are never skipped in silence. */
export async function findServer(): Promise<FoundServer> {
  const { uris, ...rest } = await findServers(1);
  return { ...rest, uri: uris[0] as string };
}

/** The same, so many of them that nobody waits for another's work; one where somebody else runs it. */
export async function findServers(count: number): Promise<FoundServers> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined && uri !== "")
    return { what: "the one of MONGODB_URI", stays: true, uris: [uri], stop: async () => undefined };
  const program = await findProgram();
  const servers = await Promise.all(Array.from({ length: count }, () => startServer(program)));
  return {
    what: program.what,
    stays: false,
    uris: servers.map((server) => server.uri),
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

/** The first program of a server that can be had without MONGODB_URI. */
export async function findProgram(): Promise<Program> {
  const onPath = programOnPath("mongod");
  if (onPath !== undefined)
    return { what: `mongod on the PATH (${onPath})`, path: onPath, args: mongodArguments };
  const reasons: string[] = ["there is no mongod on the PATH"];
  for (const tried of [downloaded, secantus]) {
    try {
      return await tried();
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `No MongoDB for the tests: ${reasons.join("; ")}. Start one and give its address: MONGODB_URI=mongodb://127.0.0.1:27017 pnpm test`,
  );
}

async function downloaded(): Promise<Program> {
  const path = await downloadedMongod();
  return { what: `mongod, downloaded (${path})`, path, args: mongodArguments };
}

async function secantus(): Promise<Program> {
  const { path, version } = await installedSecantus();
  return { what: `SecantusDB ${version}, a stand-in from PyPI`, path, args: secantusArguments };
}

function mongodArguments(port: number, folder: string): readonly string[] {
  return [
    "--port",
    `${port}`,
    "--dbpath",
    folder,
    "--bind_ip",
    "127.0.0.1",
    "--setParameter",
    "enableTestCommands=1",
  ];
}

function programOnPath(name: string): string | undefined {
  try {
    return (
      execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() ||
      undefined
    );
  } catch {
    return undefined;
  }
}
