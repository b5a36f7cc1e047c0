import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** How a run of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How it is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Its stdin. */
  readonly input?: string;
  /** The file that its results go into, instead of being gathered. */
  readonly into?: string;
  /** Hears of all that was written so far. */
  readonly onOutput?: (written: string, child: ChildProcess) => void;
}

function environment(env: RunOptions["env"] = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: "/nonexistent", TERM: "xterm", LANG: "C.UTF-8", ...env };
}

/** Runs the built command in a process of its own, without a terminal. */
export async function run(
  args: readonly string[],
  { cwd, env, input, into, onOutput }: RunOptions,
): Promise<Ended> {
  const file = into === undefined ? undefined : openSync(into, "w");
  const options = { cwd, env: environment(env) };
  const child = spawn(process.execPath, [main, ...args], {
    ...options,
    stdio: ["pipe", file ?? "pipe", "pipe"],
  });
  if (file !== undefined) closeSync(file);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let [out, err] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    onOutput?.(out + err, child);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    onOutput?.(out + err, child);
  });
  child.stdin?.on("error", () => {});
  child.stdin?.end(input ?? "");
  const [code] = await once(child, "close");
  return { code, out, err };
}

/** Something to type, or to do first and then to type, when something was shown. */
export type Typed = readonly [shown: RegExp, type: string | (() => string)];

/** Runs the command on a pseudo-terminal (of util-linux's script) and types when the awaited text is shown. */
export async function runOnTerminal(
  args: readonly string[],
  { cwd, env }: RunOptions,
  typed: readonly Typed[] = [],
): Promise<{ code: number | null; screen: string }> {
  const words = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const child = spawn("script", ["-qefc", words.join(" "), "/dev/null"], { cwd, env: environment(env) });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const waiting = [...typed];
  let [screen, seen] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const [next] = waiting;
    if (next === undefined || !next[0].test(screen.slice(seen))) return;
    waiting.shift();
    seen = screen.length;
    child.stdin.write(typeof next[1] === "string" ? next[1] : next[1]());
  });
  child.stderr.resume();
  child.stdin.on("error", () => {});
  const [code] = await once(child, "close");
  return { code, screen };
}
