/** Where text is written: process.stdout, process.stderr, or a test's. */
export interface Output {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
  /** How many columns the terminal has. */
  readonly columns?: number;
  /** Writes text as it is. */
  write(text: string): unknown;
}

/** Ways to set text off. */
export interface Colour {
  /** For headings. */
  bold(text: string): string;
  /** For less important text. */
  dim(text: string): string;
  /** For good results. */
  green(text: string): string;
  /** For bad results. */
  red(text: string): string;
}

/** Colours where the output is a terminal that has them and nobody asked for none (NO_COLOR, see no-color.org). */
export function colour(output: Output): Colour {
  const on = output.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const paint = (start: number, end: number) => (text: string) =>
    on ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return { bold: paint(1, 22), dim: paint(2, 22), green: paint(32, 39), red: paint(31, 39) };
}
