import { type Colours, coloursOf } from "@everdraft/cli/terminal";

/** Where text is written: process.stdout, process.stderr, or a test's. */
export interface Output {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
  /** How many columns the terminal has. */
  readonly columns?: number;
  /** Writes text as it is. */
  write(text: string): unknown;
}

/** The colours of an output: of a terminal that has them, where nobody asked for none. */
export function colours(output: Output): Colours {
  return coloursOf(output, process.env, true);
}
