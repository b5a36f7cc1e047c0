/** The exit codes of the command; docs/cli.md and `everdraft --help` say the same. */
export const exitCodes = {
  /** All that was asked for is done. */
  done: 0,
  /** It could not be done. */
  failed: 1,
  /** The command line cannot be understood, or names something that does not exist. */
  usage: 2,
  /** A verification found differences. */
  differences: 3,
  /** Another process holds a lock or a file that is needed; try again later. */
  busy: 4,
  /** Stopped by Ctrl-C; the command can be run again and goes on. */
  interrupted: 130,
} as const;

/** A command line that cannot be understood, or that names something that does not exist: nothing was done. */
export class UsageError extends Error {
  /** @param message the mistake and how it is right */
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** A failure, in a sentence with its remedy. */
export class FailedError extends Error {
  /** @param message the sentence */
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "FailedError";
  }
}

// mistakes in the command line that the library finds
const typed = new Set(["filter", "id", "user", "moment", "options"]);

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  const code = codeOf(error);
  if (code === undefined) return exitCodes.failed;
  if (code === "storage_busy") return exitCodes.busy;
  return typed.has(code) ? exitCodes.usage : exitCodes.failed;
}

/** The message of an error; of anything else that was thrown, its text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The stable code of an error of the library, whichever copy of it was used. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, "code");
  const details: unknown = Reflect.get(error, "details");
  return typeof code === "string" && typeof details === "object" ? code : undefined;
}

/** The document that an error of the library is about; undefined where it is about none. */
export function documentOf(error: unknown): unknown {
  if (!(error instanceof Error) || codeOf(error) === undefined) return undefined;
  const details: unknown = Reflect.get(error, "details");
  return typeof details === "object" && details !== null ? Reflect.get(details, "id") : undefined;
}
