import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { WriterSettings } from "./writer/settings.ts";

/** A writer's process. */
export interface Writer {
  /** Told by its end how many acts it did. */
  readonly ended: Promise<void>;
  /** Tells it to stop; it ends the acts that it is at. */
  stop(): void;
  kill(): void;
}

const script = join(import.meta.dirname, "writer", "main.js");
/** How long a writer that was told to stop may take: many times the timeout of its last calls. */
const longest = 90_000;

/** Starts a writer. `done` hears of each act that ended. */
export function startWriter(settings: WriterSettings, done: (acknowledged: boolean) => void): Writer {
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const endNow = (): void => void child.kill("SIGKILL");
  process.once("exit", endNow);
  child.stdin?.on("error", () => undefined);
  child.stdout?.on("data", (signs: Buffer) => {
    for (const sign of signs.toString()) done(sign === "+");
  });
  let timer: NodeJS.Timeout | undefined;
  const ended = once(child, "exit").then(() => {
    clearTimeout(timer);
    process.off("exit", endNow);
  });
  return {
    ended,
    stop: () => {
      child.stdin?.end();
      timer ??= setTimeout(endNow, longest);
    },
    kill: endNow,
  };
}
