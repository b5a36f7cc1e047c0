import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** The kind of an act. `read` stores nothing. */
export type Kind = "create" | "edit" | "replace" | "revert" | "delete" | "restore" | "import" | "read";

/** An act begins. Sent again by its key it has a second one. */
export interface Invoked {
  readonly what: "invoke";
  /** The mark of the act in the log: the `token` of its event's meta. For an import, the beginning of its tokens. */
  readonly token: string;
  readonly doc: string;
  readonly kind: Kind;
  /** The user: an idempotency key counts per user. */
  readonly by: string;
  readonly at: number;
  readonly key?: boolean;
  readonly expectedVersion?: number;
  /** The version that a revert goes back to. */
  readonly to?: number;
  /** How many revisions an import has. */
  readonly revisions?: number;
}

/** How an act ended, as its caller was told. `failed`: surely nothing is stored. */
export type Ended = { readonly token: string; readonly at: number } & (
  | { readonly what: "ok"; readonly version: number; readonly eventId: string; readonly changed: boolean }
  | { readonly what: "failed"; readonly code: string; readonly message: string }
  | { readonly what: "indeterminate"; readonly version: number; readonly eventId: string }
  /** An import that ended early: the next one goes on after its stored events. */
  | { readonly what: "broken"; readonly code: string; readonly message: string }
);

/** The answer of `resolve` about an act that ended indeterminate. */
export interface ResolvedAs {
  readonly what: "resolved";
  readonly token: string;
  readonly at: number;
  readonly outcome: "stored" | "never" | "open";
  readonly version?: number;
  readonly eventId?: string;
}

/** A fault struck, from one moment to another. */
export interface Strike {
  readonly what: "strike";
  readonly fault: string;
  readonly at: number;
  readonly until: number;
}

/** A view at a moment of the run; without a version there was none. */
export interface Sampled {
  readonly what: "view";
  readonly doc: string;
  readonly at: number;
  readonly version?: number;
  readonly head?: string;
  readonly state?: unknown;
}

/** The log at a moment of the run: the hashes of a document's first events. */
export interface SampledLog {
  readonly what: "log";
  readonly doc: string;
  readonly at: number;
  readonly hashes: readonly string[];
}

/** The answer to a read with a date during the run. */
export interface SampledPast {
  readonly what: "past";
  readonly doc: string;
  readonly at: number;
  readonly date: number;
  readonly version: number | undefined;
  readonly sealed: boolean;
  readonly state?: unknown;
}

/** A command that changed or removed events of the log. */
interface LogChanged {
  readonly what: "log-changed";
  readonly at: number;
  readonly command: string;
}

/** A line of a history. `at` is in milliseconds on the machine's one monotonic clock. */
export type Recorded =
  | Invoked
  | Ended
  | ResolvedAs
  | Strike
  | Sampled
  | SampledLog
  | SampledPast
  | LogChanged;

/** Where a process writes down its acts, line by line. */
export interface Journal {
  /** Keeps a line, durably, before it returns. */
  write(record: Recorded): void;
  close(): void;
}

/** Now, on the clock that all processes of a machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** A journal in a file: its lines outlive the process. */
export function fileJournal(path: string): Journal {
  const file = openSync(path, "a");
  return {
    write: (record) => {
      writeSync(file, `${toLine(record)}\n`);
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** A journal that only stays in memory, for writers in the checker's own process. */
export function memoryJournal(records: Recorded[]): Journal {
  return { write: (record) => void records.push(record), close: () => undefined };
}

/** The lines of a file; the last one may have been cut off by a kill. */
export function readLines<R>(path: string): R[] {
  const records: R[] = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "" || !line.endsWith("}")) continue;
    records.push(fromLine(line) as R);
  }
  return records;
}

/** JSON that keeps dates. */
export function toLine(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, given) {
    const own = this[key];
    return own instanceof Date ? { $date: own.getTime() } : given;
  });
}

/** Reads a line of `toLine`. */
function fromLine(line: string): unknown {
  return JSON.parse(line, (_, value) =>
    typeof value === "object" &&
    value !== null &&
    typeof value.$date === "number" &&
    Object.keys(value).length === 1
      ? new Date(value.$date)
      : value,
  );
}
