#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { shellWord } from "@everdraft/git-history/text";
import { exitCodeOf, exitCodes, UsageError } from "./failure.ts";
import { understand } from "./program.ts";
import { createSession } from "./session.ts";
import { uriVariable } from "./store/targets.ts";
import { hearInterrupts } from "./terminal/interrupts.ts";
import { createRedaction } from "./terminal/redact.ts";
import type { Terminal } from "./terminal/terminal.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Runs a command line and gives the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const { stdout: out, stderr: err, stdin: input, env } = process;
  const terminal: Terminal = { out, err, input, env, cwd: process.cwd() };
  const redaction = createRedaction();
  redaction.learn(env[uriVariable] ?? "");
  const controller = new AbortController();
  // every call that is under way listens to it
  setMaxListeners(0, controller.signal);
  const interrupts = hearInterrupts(controller);
  // a reader such as `head` may have seen enough; else results were lost
  let unread: NodeJS.ErrnoException | undefined;
  const resuming: string[] = [];
  out.on("error", (error) => {
    unread = error;
    controller.abort();
  });
  const unreadCode = ({ code, message }: NodeJS.ErrnoException): number => {
    if (code === "EPIPE") return exitCodes.done;
    err.write(`The results could not be written: ${message}. They are incomplete.\n`);
    return exitCodes.failed;
  };
  // an error that a driver throws from nowhere may hold a connection string too
  process.on("uncaughtException", (error) => {
    err.write(`${redaction.clean(messageOf(error))}\n`);
    process.exit(exitCodes.failed);
  });
  try {
    const understood = await understand(argv, terminal, version);
    if (understood === undefined) return exitCodes.done;
    const { flags, run } = understood;
    const resumeWith = (...words: readonly string[]): void => {
      // one that was resumed has them already
      if (!argv.includes(words.at(-1) ?? "")) resuming.push(...words);
    };
    const { signal } = interrupts;
    const code = await run(
      createSession({ terminal, flags, argv, redaction, signal, interrupts, resumeWith }),
    );
    // the last that was written may still be on its way
    await new Promise<void>((resolve) => out.write("", () => resolve()));
    return unread === undefined ? code : unreadCode(unread);
  } catch (error) {
    if (unread !== undefined) return unreadCode(unread);
    if (interrupts.signal.aborted) {
      err.write(`Interrupted. Go on with: ${resumeCommand([...argv, ...resuming])}\n`);
      return exitCodes.interrupted;
    }
    err.write(`${redaction.clean(messageOf(error))}\n`);
    return exitCodeOf(error);
  }
}

/** The command line that goes on where this one stopped: the same, without a question. */
function resumeCommand(argv: readonly string[]): string {
  const words = argv.map(shellWord);
  return ["everdraft", ...words].join(" ");
}

function messageOf(error: unknown): string {
  if (error instanceof UsageError || !(error instanceof Error))
    return String(error instanceof Error ? error.message : error);
  // the library speaks of an option of its calls
  return error.message === "" ? error.name : error.message.replaceAll("timeoutMs", "time by --timeout");
}

const code = await main(process.argv.slice(2));
// a config may have left a connection open, which is no reason to stay
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
