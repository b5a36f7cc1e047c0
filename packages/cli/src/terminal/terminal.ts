import { once } from "node:events";
import type { Writable } from "node:stream";
import { pace } from "@everdraft/core/adapter";
import pico from "picocolors";

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Ways to set text off; each gives the text as it is where colours are off. */
export type Colours = ReturnType<typeof pico.createColors>;

/** Where a command reads and writes. */
export interface Terminal {
  /** Results. */
  readonly out: Output;
  /** Progress, plans, errors. */
  readonly err: Output;
  /** Answers. */
  readonly input: NodeJS.ReadStream;
  /** The environment's variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that paths start from. */
  readonly cwd: string;
}

/** Whether a stream shows colours: a terminal that has them, and nobody asked for none (no-color.org). */
function hasColours(output: Pick<Output, "isTTY">, env: Terminal["env"]): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  return output.isTTY === true && env.TERM !== "dumb";
}

/** The colours of a stream. */
export function coloursOf(output: Pick<Output, "isTTY">, env: Terminal["env"], wanted: boolean): Colours {
  return pico.createColors(wanted && hasColours(output, env));
}

/**
 * Writes, and waits while the reader is slow, but not after Ctrl-C. Between two writes the event loop has its turn: a storage and
 * a file that answer at once would keep Ctrl-C waiting.
 */
export async function write(output: Output, text: string, signal: AbortSignal): Promise<void> {
  const goesOn = output.write(text);
  if (signal.aborted) return;
  if (!goesOn) await once(output, "drain", { signal });
  else await pace.turn();
}
