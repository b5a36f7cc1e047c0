import type { Session } from "../session.ts";

/** A command: its name, its help and its code. */
export interface CommandSpec {
  /** Its name and arguments, as commander reads them: "history <id>". */
  readonly usage: string;
  /** Its purpose, in a sentence. */
  readonly does: string;
  /** Its options: flags and their meaning. */
  readonly options?: readonly (readonly [flags: string, does: string])[];
  /** A command line and its effect. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** The end of its help. */
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
