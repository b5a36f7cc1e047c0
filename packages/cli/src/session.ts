import { shellWord } from "@everdraft/git-history/text";
import { UsageError } from "./failure.ts";
import type { Interrupts } from "./terminal/interrupts.ts";
import type { Redaction } from "./terminal/redact.ts";
import { type Colours, coloursOf, type Terminal, write } from "./terminal/terminal.ts";

/** The options that every command takes. */
export interface Flags {
  readonly uri?: string;
  readonly collection?: string;
  readonly config?: string;
  readonly store?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly color?: boolean;
  /** Seconds, as a text. */
  readonly timeout?: string;
}

/** One run of the command: where it reads and writes, and how. */
export interface Session {
  readonly terminal: Terminal;
  readonly flags: Flags;
  /** The arguments, for the command that resumes. */
  readonly argv: readonly string[];
  readonly redaction: Redaction;
  /** Aborted by Ctrl-C, and where nobody reads on. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Colours of results. */
  readonly colours: Colours;
  /** Colours of plans, progress and errors. */
  readonly errColours: Colours;
  /** Writes a result. */
  line(text?: string): Promise<void>;
  /** Writes anything but results: a plan, progress, a remark. Quiet with --quiet. */
  note(text: string): void;
  /** Writes an error, also with --quiet. */
  complain(text: string): void;
  /** The options of every call of a store. Its timeout may be long, since nobody else waits for it. */
  readonly call: { readonly signal: AbortSignal; readonly timeoutMs: number };
  /** The options that name the store, as they were typed: behind a command that is told they lead to the same store. */
  readonly naming: string;
  /** Tells the command that goes on where this run stopped: the command line, and these words after it. */
  resumeWith(...words: readonly string[]): void;
  /** How Ctrl-C is heard. */
  readonly interrupts: Interrupts;
}

/** The parts of a session. */
export interface SessionParts {
  readonly terminal: Terminal;
  readonly flags: Flags;
  readonly argv: readonly string[];
  readonly redaction: Redaction;
  readonly signal: AbortSignal;
  readonly interrupts: Session["interrupts"];
  readonly resumeWith: Session["resumeWith"];
}

/** Begins a run of the command. */
export function createSession(parts: SessionParts): Session {
  const { terminal, flags, redaction, signal } = parts;
  const colourWanted = flags.color !== false;
  const complain = (text: string): void => {
    terminal.err.write(`${redaction.clean(text)}\n`);
  };
  return {
    ...parts,
    now: Date.now,
    colours: coloursOf(terminal.out, terminal.env, colourWanted),
    errColours: coloursOf(terminal.err, terminal.env, colourWanted),
    call: { signal, timeoutMs: timeoutOf(flags) },
    line: (text = "") => write(terminal.out, `${text}\n`, signal),
    note: (text) => {
      if (flags.quiet !== true) complain(text);
    },
    complain,
    naming: namingOf(flags),
  };
}

function namingOf(flags: Flags): string {
  const names = ["uri", "collection", "config", "store"] as const;
  return names.map((name) => (flags[name] ? ` --${name} ${shellWord(flags[name])}` : "")).join("");
}

const defaultTimeoutMs = 60_000;
const longestTimeout = 86_400;

/** How long each read or write may take. Throws UsageError. */
function timeoutOf({ timeout }: Flags): number {
  if (timeout === undefined) return defaultTimeoutMs;
  const seconds = Number(timeout);
  if (seconds > 0 && seconds <= longestTimeout) return Math.max(1, Math.round(seconds * 1_000));
  throw new UsageError(`--timeout takes seconds, up to ${longestTimeout}, not ${JSON.stringify(timeout)}.`);
}
