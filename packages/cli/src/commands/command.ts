import type { Session } from "../session.ts";

/** What a command is, and what it does. */
export interface CommandSpec {
  /** Its name and arguments, as commander reads them: "history <id>". */
  readonly usage: string;
  /** What it does, in a sentence. */
  readonly does: string;
  /** Its options: flags and what they do. */
  readonly options?: readonly (readonly [flags: string, does: string])[];
  /** A command line that does something, and what. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** What else its help says. */
  readonly notes?: string;
  /** Does it, and gives the exit code. */
  run(
    session: Session,
    args: readonly (string | readonly string[] | undefined)[],
    options: Options,
  ): Promise<number>;
}

/** The options of a command, as commander gives them. */
export type Options = Readonly<Record<string, unknown>>;

/** An option that is a text. */
export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** An argument that is a text. */
export function argument(args: readonly unknown[], index: number): string {
  const value = args[index];
  return typeof value === "string" ? value : "";
}
