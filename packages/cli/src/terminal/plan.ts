import { createInterface } from "node:readline/promises";
import { UsageError } from "../failure.ts";
import type { Session } from "../session.ts";

/** The changes that a command is about to make. */
export interface Plan {
  /** The act, in words that begin a sentence: "Revert o-1 to version 3". */
  readonly what: string;
  /** The store and where it is. */
  readonly where: string;
  /** How many, and whatever else helps to decide. */
  readonly lines: readonly string[];
  /** The same for programs. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * Shows a plan and asks whether to go on. False with --dry-run, or where the answer is no. Throws UsageError where
 * nobody can be asked and --yes is missing.
 */
export async function agreed(session: Session, plan: Plan): Promise<boolean> {
  const { flags, terminal } = session;
  if (flags.dryRun === true) {
    if (flags.json === true) await session.line(JSON.stringify({ dryRun: true, plan: forPrograms(plan) }));
    else for (const line of planLines(plan)) await session.line(line);
    session.note("Nothing was changed (--dry-run).");
    return false;
  }
  for (const line of planLines(plan)) session.note(line);
  if (flags.yes === true) return true;
  refuseUnasked(session);
  const yes = await ask(session, "Go on? [y/N] ");
  if (!yes) terminal.err.write("Nothing was changed.\n");
  return yes;
}

/** Throws UsageError where nobody can be asked, and neither --yes nor --dry-run says what is to be done. */
export function refuseUnasked({ flags, terminal }: Session): void {
  if (flags.yes === true || flags.dryRun === true) return;
  if (terminal.input.isTTY === true && terminal.err.isTTY === true) return;
  throw new UsageError("Nothing was changed: without a terminal to ask on, --yes is needed (or --dry-run).");
}

function planLines({ what, where, lines }: Plan): string[] {
  return [what, `  where: ${where}`, ...lines.map((line) => `  ${line}`)];
}

function forPrograms({ what, where, facts }: Plan): object {
  return { what, where, ...facts };
}

/** Asks a question that is answered by y or n. Throws the signal's reason on Ctrl-C. */
export async function ask({ terminal, signal, interrupts }: Session, question: string): Promise<boolean> {
  const lines = createInterface({ input: terminal.input, output: terminal.err, terminal: true });
  // the terminal is in raw mode meanwhile, so Ctrl-C comes as a key
  lines.on("SIGINT", interrupts.interrupt);
  try {
    return /^\s*y(es)?\s*$/i.test(await lines.question(question, { signal }));
  } finally {
    lines.close();
  }
}
