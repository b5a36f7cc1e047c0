import {
  ConstraintError,
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

type Kind = new (
  message: string,
  details: { readonly operation: string; readonly id: undefined },
  options: { cause: unknown },
) => EverdraftError;

const locked = "Another connection keeps the file locked. Try again, or give the call more timeoutMs.";
const damaged = "The file is damaged. Restore it from a backup, or save what `sqlite3 FILE .recover` reads.";

/** SQLite's primary result codes (https://sqlite.org/rescode.html), with what to do. */
const translations: ReadonlyMap<number, readonly [Kind, remedy: string]> = new Map([
  [3, [StorageError, "This process may not use the file. Look at its permissions."]],
  [5, [StorageBusyError, locked]],
  [6, [StorageBusyError, locked]],
  [7, [StorageError, "Give the process more memory."]],
  [8, [StorageReadOnlyError, "Make the file and its folder writable for this process."]],
  [10, [StorageError, "The disk failed to read or write. Look at the system's log."]],
  [11, [StorageCorruptError, damaged]],
  [13, [StorageFullError, "Make room on the disk, then try again."]],
  [14, [StorageError, "Look whether the path is right and its folder can be used."]],
  // several connections recover the write-ahead log at once
  [15, [StorageBusyError, locked]],
  [18, [StorageError, "SQLite takes 1,000,000,000 bytes a row."]],
  // never for a slot or id that is taken, so it comes from what somebody added to a table
  [19, [ConstraintError, "Take away the constraint or trigger, or store something else."]],
  [26, [StorageCorruptError, "The file is no SQLite database. Give the path of one, or a new one."]],
]);

// lists of rows come with a code that says nothing
const tooLarge = /^Value is too large to be represented as a JavaScript number/;

/** The errors after which surely nothing of a transaction was stored. */
const certain: readonly Kind[] = [
  StorageBusyError,
  StorageFullError,
  StorageReadOnlyError,
  StorageCorruptError,
  ConstraintError,
];

/**
 * The library's error for what the engine threw; errors of the library are given back as they are. Extended
 * codes go by their primary code, unknown ones are a StorageError. The engine's error is kept as `cause`.
 */
export function translateError(thrown: unknown, { operation, path }: Attempted): Error {
  if (thrown instanceof EverdraftError) return thrown;
  const [Translated, remedy] = translationOf(thrown);
  const message = `Could not ${operation} in ${JSON.stringify(path)}: ${textOf(thrown)}. ${remedy}`;
  return new Translated(message, { operation, id: undefined }, { cause: thrown });
}

/** Whether after this (translated) error of a transaction surely nothing of it was stored. */
export function storedNothing(error: unknown): error is Error {
  return certain.some((kind) => error instanceof kind);
}

function translationOf(thrown: unknown): readonly [Kind, remedy: string] {
  // a number in a row that JavaScript cannot hold exactly, so none that was stored
  const isTooLarge = property(thrown, "code") === "ERR_OUT_OF_RANGE" || tooLarge.test(textOf(thrown));
  if (isTooLarge) return [StorageCorruptError, damaged];
  const code = property(thrown, "errcode");
  // the low byte of an extended code is the primary one
  const known = typeof code === "number" ? translations.get(code & 255) : undefined;
  return known ?? [StorageError, "Look at the cause."];
}

function textOf(thrown: unknown): string {
  const message = property(thrown, "message");
  return typeof message === "string" ? message.replace(/\.$/, "") : String(thrown);
}

function property(thrown: unknown, name: "code" | "errcode" | "message"): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
}
