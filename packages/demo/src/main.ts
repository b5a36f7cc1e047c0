#!/usr/bin/env node
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";
import { plain } from "@everdraft/cli/text";
import { type DemoRequest, runDemo } from "./demo.ts";

const usage = `Shows Everdraft on the history of a JSON file: imports it into a SQLite file, then looks back, compares and reverts.

Usage: npx -y pnpm@10 demo [--into FOLDER] [REPO FILE…]

  REPO           a git repository with its whole history
  FILE           a JSON file in it, by its path in the repository; the first one is shown
  --into FOLDER  keep the database in this folder; run again to go on after an interruption
                 (default: a new temporary folder)
  --help         this text

Without REPO and FILE it imports a history that comes with the demo.

Example: npx -y pnpm@10 demo ../browser-compat-data package.json html/global_attributes.json
`;

/** A command line that cannot be understood. */
class UsageError extends Error {}

function readArguments(args: string[]): Pick<DemoRequest, "from" | "into"> | "help" {
  const { values, positionals } = parse(args);
  if (values.help) return "help";
  const [repository, ...files] = positionals;
  if (values.into === "") throw new UsageError("--into needs a folder.");
  if (repository !== undefined && files.length === 0) {
    throw new UsageError("No FILE given: name one or more JSON files of the repository.");
  }
  return {
    ...(repository !== undefined && { from: { repository, files } }),
    ...(values.into !== undefined && { into: values.into }),
  };
}

function parse(args: string[]) {
  try {
    const options = { into: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // the first sentence; the others tell how options are quoted
    throw new UsageError(`${(error as Error).message.split(/\.\s/)[0]?.replace(/\.$/, "")}.`);
  }
}

/** Runs the demo for a command line and gives the exit code: 0, 1 where it failed, 2 for a wrong command line, 130 for Ctrl-C. */
async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  // a reader such as `head` may have seen enough
  let unread = false;
  process.stdout.on("error", () => {
    unread = true;
    stop.abort();
  });
  try {
    const request = readArguments(args);
    if (request === "help") {
      process.stdout.write(usage);
      return 0;
    }
    const good = await runDemo({ ...request, out: process.stdout, err: process.stderr, signal: stop.signal });
    return good ? 0 : 1;
  } catch (error) {
    // Ctrl-C reaches git too, whose end may be noticed before the signal
    await nextTurn();
    if (unread) return 0;
    if (stop.signal.aborted) {
      process.stderr.write("Stopped.\n");
      return 130;
    }
    process.stderr.write(`${plain((error as Error).message)}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write("--help tells how the demo is called.\n");
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
