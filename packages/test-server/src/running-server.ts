import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { MongoClient } from "mongodb";
import type { Program } from "./program.ts";

/** A server that runs. */
export interface Running {
  readonly uri: string;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** A server of a test's own, which can be ended as a crash would and started again on the same data. */
export interface OwnServer extends Running {
  readonly port: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it in its tracks, as a machine that hangs would, and lets it go on. */
  pause(): void;
  resume(): void;
  /** Whether its process is there. */
  runs(): boolean;
}

const startsWithin = 120_000;
/** So much of a server's error output is told where it does not start, in characters. */
const lastWords = 500;

/** Starts a server on a free port, with a folder of its own below `parent`. */
export async function startServer(program: Program, parent: string = tmpdir()): Promise<OwnServer> {
  const folder = mkdtempSync(join(parent, "everdraft-mongo-"));
  const port = await freePort();
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  let child: ChildProcess | undefined;
  // a run that is broken off must not leave a server behind
  const endNow = (): void => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", endNow);

  const runs = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || !runs()) return;
    const exited = once(child, "exit");
    child.kill(signal);
    const late = setTimeout(() => child?.kill("SIGKILL"), 5_000);
    await exited;
    clearTimeout(late);
  };
  const start = async (): Promise<void> => {
    child = spawn(program.path, [...program.args(port, folder)], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-lastWords);
    });
    await answers(uri, child, () => said);
  };
  await start();
  return {
    uri,
    port,
    start,
    runs,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    kill: () => end("SIGKILL"),
    stop: async () => {
      await end("SIGTERM");
      process.off("exit", endNow);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(uri: string, child: ChildProcess, said: () => string): Promise<void> {
  const end = Date.now() + startsWithin;
  for (;;) {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 300 });
    try {
      await client.db("admin").command({ ping: 1 });
      return;
    } catch (error) {
      if (child.exitCode !== null)
        throw new Error(`the server ended with ${child.exitCode} before it answered: … ${said()}`);
      if (Date.now() > end) throw error;
      await delay(50);
    } finally {
      await client.close();
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}
