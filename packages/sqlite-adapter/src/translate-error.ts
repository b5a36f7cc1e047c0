import {
  EverdraftError,
  StorageBusyError,
  StorageCorruptError,
  StorageError,
  StorageFullError,
  StorageReadOnlyError,
} from "@everdraft/core/adapter";

/** What was attempted, for messages. */
export interface Attempted {
  /** What was to be done, as it follows "could not": "store events". */
  readonly operation: string;
  /** The file. */
  readonly path: string;
}

interface Translation {
  readonly error: new (message: string, details: { operation: string }, options: { cause: unknown }) => Error;
  readonly remedy: string;
}

const tryAgain = "Another connection keeps the file locked. Try again, or give the call more timeoutMs.";
const damaged =
  "The file is damaged. Restore it from a backup, or save what `sqlite3 FILE .recover` can read.";
const readOnly = "Make the file and its folder writable for this process.";
const look = "Look at the cause.";

/** SQLite's primary result codes (https://sqlite.org/rescode.html); what is not listed is a plain StorageError. */
const translations: ReadonlyMap<number, Translation> = new Map([
  [3, { error: StorageError, remedy: "This process may not use the file. Look at its permissions." }],
  [5, { error: StorageBusyError, remedy: tryAgain }],
  [6, { error: StorageBusyError, remedy: tryAgain }],
  [7, { error: StorageError, remedy: "Give the process more memory." }],
  [8, { error: StorageReadOnlyError, remedy: readOnly }],
  [10, { error: StorageError, remedy: "The disk failed to read or write. Look at the system's log." }],
  [11, { error: StorageCorruptError, remedy: damaged }],
  [13, { error: StorageFullError, remedy: "Make room on the disk, then try again." }],
  [14, { error: StorageError, remedy: "Look whether the path is right and its folder can be used." }],
  // several connections recover the WAL at once: the engine tried for some seconds itself
  [15, { error: StorageBusyError, remedy: tryAgain }],
  [18, { error: StorageError, remedy: "A row takes at most 1,000,000,000 bytes." }],
  [
    26,
    {
      error: StorageCorruptError,
      remedy: "The file is no SQLite database. Give the path of one, or a new one.",
    },
  ],
]);

/**
 * The library's error for what the engine threw; errors of the library are given back as they are. Extended codes go by their primary
 * code. The engine's error is kept as `cause`.
 */
export function translateError(error: unknown, { operation, path }: Attempted): Error {
  if (error instanceof EverdraftError) return error;
  const attempted = `Could not ${operation} in ${JSON.stringify(path)}: ${textOf(error)}.`;
  const details = { operation };
  if (codeOf(error) === "ERR_OUT_OF_RANGE") {
    return new StorageCorruptError(
      `${attempted} A number in a row is none that was stored. ${damaged}`,
      details,
      {
        cause: error,
      },
    );
  }
  const { error: Translated, remedy } = translations.get(resultCode(error)) ?? {
    error: StorageError,
    remedy: look,
  };
  return new Translated(`${attempted} ${remedy}`, details, { cause: error });
}

/** Whether after this (translated) error of a transaction surely nothing of it was stored. */
export function storedNothing(error: unknown): error is Error {
  return [StorageBusyError, StorageFullError, StorageReadOnlyError, StorageCorruptError].some(
    (kind) => error instanceof kind,
  );
}

function property(error: unknown, name: "code" | "errcode" | "message"): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
}

function resultCode(error: unknown): number {
  const code = property(error, "errcode");
  // the low byte of an extended code is the primary one
  return typeof code === "number" ? code & 255 : 0;
}

function codeOf(error: unknown): unknown {
  return property(error, "code");
}

function textOf(error: unknown): string {
  const message = property(error, "message");
  return typeof message === "string" ? message.replace(/\.$/, "") : String(error);
}
