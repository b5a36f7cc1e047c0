import {
  ConstraintError,
  type EverdraftError,
  type Failure,
  StorageBusyError,
  StorageCorruptError,
  StorageError,
  StorageFullError,
  StorageReadOnlyError,
} from "@everdraft/core/adapter";
import { systemErrorOf } from "./system-error.ts";

/** A class of errors of the library. */
export type Kind = new (
  failure: Failure & { readonly id: undefined },
  options: { cause: unknown },
) => EverdraftError;

/** The class for an error, and the remedy. */
export type Translation = readonly [Kind, remedy: string];

const locked = "Another connection keeps the file locked. Try again, or give the call more timeoutMs.";
/** The class and the remedy for a file whose bytes were changed. */
const damaged: Translation = [
  StorageCorruptError,
  "The file is damaged. Restore it from a backup, or save what `sqlite3 FILE .recover` reads.",
];

const notWritable: Translation = [
  StorageReadOnlyError,
  "Make the file and its folder writable for this process, then make a new storage.",
];
const otherTables: Translation = [
  StorageCorruptError,
  "Somebody dropped or changed a table of this library, or it is another program's. Restore the file from a backup. Where it was a table of a projection's rows, open the store anew and rebuild the projection.",
];
const noRoom: Translation = [StorageFullError, "Make room on the disk, then try again."];

/** SQLite's primary result codes (https://sqlite.org/rescode.html), with the remedies. */
const byCode: ReadonlyMap<number, Translation> = new Map([
  [3, [StorageError, "This process may not use the file. Look at its permissions."]],
  [5, [StorageBusyError, locked]],
  [6, [StorageBusyError, locked]],
  [7, [StorageError, "Give the process more memory."]],
  [8, notWritable],
  [10, [StorageError, "The disk failed to read or write. Look at the system's log."]],
  [11, damaged],
  [13, noRoom],
  [14, [StorageError, "Look whether the path is right and its folder can be used."]],
  // several connections recover the write-ahead log at once
  [15, [StorageBusyError, locked]],
  [18, [StorageError, "SQLite takes 1,000,000,000 bytes a row."]],
  // never for a slot or id that is taken, so it comes from a constraint or trigger that somebody added to a table
  [19, [ConstraintError, "Take away the constraint or trigger, or store something else."]],
  [26, [StorageCorruptError, "The file is no SQLite database. Give the path of one, or a new one."]],
]);

/** SQLite's texts for these codes; one engine gives no code where a list of rows fails. */
const codeOfText: ReadonlyMap<string, number> = new Map([
  ["database is locked", 5],
  ["database table is locked", 6],
  ["out of memory", 7],
  ["attempt to write a readonly database", 8],
  ["disk I/O error", 10],
  ["database disk image is malformed", 11],
  ["database or disk is full", 13],
  ["unable to open database file", 14],
  ["locking protocol", 15],
  ["file is not a database", 26],
]);

const tooManyFiles: Translation = [
  StorageError,
  "This process has too many files open. Close storages that are of no use any more, or raise the limit (ulimit -n).",
];

/** The system's own errors, which tell these apart. */
const bySystemError: ReadonlyMap<string, Translation> = new Map([
  ["EACCES", notWritable],
  ["EPERM", notWritable],
  ["EROFS", notWritable],
  ["ENOSPC", noRoom],
  ["EDQUOT", noRoom],
  ["EMFILE", tooManyFiles],
  ["ENFILE", tooManyFiles],
]);

// a number in a row that JavaScript cannot hold exactly, so none that was stored; lists come with a code that says nothing
const tooLarge = /^Value is too large to be represented as a JavaScript number/;

/**
 * The class and the remedy for an error of the engine. Extended codes go by their primary code, unless the system's error
 * says more; unknown ones are a StorageError.
 */
export function translationOf(thrown: unknown, path: string): Translation {
  const text = textOf(thrown);
  const name = property(thrown, "code");
  if (name === "ERR_OUT_OF_RANGE" || tooLarge.test(text)) return damaged;
  // of Node's own calls
  const ofNode = typeof name === "string" ? bySystemError.get(name) : undefined;
  if (ofNode !== undefined) return ofNode;
  const code = codeOf(thrown);
  if (code <= 1 && /^no such (table|column|index)/.test(text)) return otherTables;
  const ofSystem = isOfSystem(code) ? bySystemError.get(systemErrorOf(thrown, path) ?? "") : undefined;
  // the low byte of an extended code is the primary one
  return ofSystem ?? byCode.get(code & 255) ?? [StorageError, "Look at the cause."];
}

/** Whether an error says that a value would be longer than SQLite makes one. */
export function isTooBig(thrown: unknown): boolean {
  return (codeOf(thrown) & 255) === 18;
}

/**
 * Whether a code stands for whatever the system refused before anything was written: PERM, CANTOPEN, and of IOERR those
 * of the shared memory (SHMOPEN, SHMSIZE, SHMMAP).
 */
function isOfSystem(code: number): boolean {
  return [3, 14].includes(code & 255) || [4618, 4874, 5386].includes(code);
}

function codeOf(thrown: unknown): number {
  const code = property(thrown, "errcode");
  if (typeof code !== "number") return codeOfText.get(textOf(thrown)) ?? 0;
  // where a statement is prepared, one engine gives the primary code there, and the extended one apart
  const extended = property(thrown, "sqliteExtendedCode");
  return typeof extended === "number" && (extended & 255) === code ? extended : code;
}

const refusedByTrigger = 1811;

/** The reason of an error of the engine for people. A trigger's own text may hold values of documents, so it stays in the cause. */
export function reasonOf(thrown: unknown): string {
  return codeOf(thrown) === refusedByTrigger ? "a trigger in the file refuses it" : textOf(thrown);
}

/** The text of a thrown value, without a dot at its end. */
function textOf(thrown: unknown): string {
  const message = property(thrown, "message");
  return typeof message === "string" ? message.replace(/\.$/, "") : String(thrown);
}

type PropertyName = "code" | "errcode" | "sqliteExtendedCode" | "message";

function property(thrown: unknown, name: PropertyName): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
}
