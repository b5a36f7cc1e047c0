import {
  ConstraintError,
  EverdraftError,
  StorageBusyError,
  StorageCorruptError,
  StorageError,
  StorageFullError,
  StorageReadOnlyError,
  StorageReplacedError,
} from "@everdraft/core/adapter";
import { TakenAway } from "./file-guard.ts";
import { systemErrorOf } from "./system-error.ts";

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

type Translation = readonly [Kind, remedy: string];

const locked = "Another connection keeps the file locked. Try again, or give the call more timeoutMs.";
const damaged = "The file is damaged. Restore it from a backup, or save what `sqlite3 FILE .recover` reads.";

const notWritable: Translation = [
  StorageReadOnlyError,
  "Make the file and its folder writable for this process.",
];
const noRoom: Translation = [StorageFullError, "Make room on the disk, then try again."];

/** SQLite's primary result codes (https://sqlite.org/rescode.html), with what to do. */
const translations: ReadonlyMap<number, Translation> = new Map([
  [3, [StorageError, "This process may not use the file. Look at its permissions."]],
  [5, [StorageBusyError, locked]],
  [6, [StorageBusyError, locked]],
  [7, [StorageError, "Give the process more memory."]],
  [8, notWritable],
  [10, [StorageError, "The disk failed to read or write. Look at the system's log."]],
  [11, [StorageCorruptError, damaged]],
  [13, noRoom],
  [14, [StorageError, "Look whether the path is right and its folder can be used."]],
  // several connections recover the write-ahead log at once
  [15, [StorageBusyError, locked]],
  [18, [StorageError, "SQLite takes 1,000,000,000 bytes a row."]],
  // never for a slot or id that is taken, so it comes from what somebody added to a table
  [19, [ConstraintError, "Take away the constraint or trigger, or store something else."]],
  [26, [StorageCorruptError, "The file is no SQLite database. Give the path of one, or a new one."]],
]);

/** The primary codes that stand for whatever the system refused: to open, read, write, or make larger. */
const ofSystem: ReadonlySet<number> = new Set([3, 8, 10, 14]);

const tooManyFiles: Translation = [
  StorageError,
  "This process has too many files open. Close storages that are of no use any more, or raise the limit (ulimit -n).",
];

/** The system's own errors, which tell these apart. */
const systemTranslations: ReadonlyMap<string, Translation> = new Map([
  ["EACCES", notWritable],
  ["EPERM", notWritable],
  ["EROFS", notWritable],
  ["ENOSPC", noRoom],
  ["EDQUOT", noRoom],
  ["EMFILE", tooManyFiles],
  ["ENFILE", tooManyFiles],
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
 * codes go by their primary code, unless the system's error says more; unknown ones are a StorageError. The engine's
 * error is kept as `cause`.
 */
export function translateError(thrown: unknown, { operation, path }: Attempted): Error {
  if (thrown instanceof EverdraftError) return thrown;
  if (thrown instanceof TakenAway) return replaced(thrown, { operation, path });
  const [Translated, remedy] = translationOf(thrown, path);
  const message = `Could not ${operation} in ${JSON.stringify(path)}: ${textOf(thrown)}. ${remedy}`;
  return new Translated(message, { operation, id: undefined }, { cause: thrown });
}

/** Whether after this (translated) error of a transaction surely nothing of it was stored. */
export function storedNothing(error: unknown): error is Error {
  if (error instanceof StorageReplacedError) return !error.details.inDoubt;
  return certain.some((kind) => error instanceof kind);
}

function replaced({ message: found, inDoubt }: TakenAway, { operation, path }: Attempted): Error {
  const rest = inDoubt ? " What the call wrote may be lost with it." : "";
  const message = `Could not ${operation} in ${JSON.stringify(path)}: ${found}. Somebody removed or replaced it while it was open, or another SQLite library in this process opened the file and closed it.${rest} Find out who; then make a new storage, and let verify look at the file.`;
  return new StorageReplacedError(message, { operation, inDoubt });
}

function translationOf(thrown: unknown, path: string): Translation {
  // a number in a row that JavaScript cannot hold exactly, so none that was stored
  const isTooLarge = property(thrown, "code") === "ERR_OUT_OF_RANGE" || tooLarge.test(textOf(thrown));
  if (isTooLarge) return [StorageCorruptError, damaged];
  const code = property(thrown, "errcode");
  // the low byte of an extended code is the primary one
  const primary = typeof code === "number" ? code & 255 : -1;
  const ofErrno = ofSystem.has(primary) && systemTranslations.get(systemErrorOf(thrown, path) ?? "");
  return ofErrno || (translations.get(primary) ?? [StorageError, "Look at the cause."]);
}

function textOf(thrown: unknown): string {
  const message = property(thrown, "message");
  return typeof message === "string" ? message.replace(/\.$/, "") : String(thrown);
}

function property(thrown: unknown, name: "code" | "errcode" | "message"): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
}
