import { StorageOutdatedError } from "@everdraft/core/adapter";
import { isAtLeast, oldestSqlite } from "./sqlite-version.ts";

/**
 * The values that may be bound: Date and undefined would become NULL without a warning, and booleans can abort the process.
 */
export type Bound = string | number | null | Uint8Array;

/** A row, by the names of its columns. */
export type EngineRow = Readonly<Record<string, unknown>>;

/** A prepared statement of an engine. */
export interface EngineStatement {
  /** All rows. */
  all(...values: readonly (Bound | bigint)[]): readonly EngineRow[];
  /** The first row. */
  get(...values: readonly (Bound | bigint)[]): EngineRow | undefined;
  /** Runs it, for its changes. */
  run(...values: readonly (Bound | bigint)[]): { readonly changes: number | bigint };
  /** The rows one by one; the statement cannot be used for anything else meanwhile. */
  iterate(...values: readonly (Bound | bigint)[]): Iterable<EngineRow>;
  /** Whether integers are given as bigint: as numbers, those that no number holds are errors. */
  setReadBigInts(enabled: boolean): void;
}

/** An open connection of an engine. */
export interface EngineConnection {
  readonly isOpen: boolean;
  /** Whether a transaction was begun and not ended. */
  readonly isTransaction: boolean;
  prepare(sql: string): EngineStatement;
  /** Runs statements that give nothing back. */
  exec(sql: string): void;
  close(): void;
}

/** How a connection is opened. */
export interface EngineOptions {
  /** How long the engine itself waits for a lock, in milliseconds. */
  readonly timeout?: number;
  /** Whether it cannot write. */
  readonly readOnly?: boolean;
}

/** How a copy is made while the file is in use. */
export interface EngineBackupOptions {
  /** How many pages are copied in one step. */
  readonly rate: number;
  /** Called after each step but the last. An error that it throws ends the copy, which then rejects with it. */
  readonly progress: (pages: { readonly totalPages: number; readonly remainingPages: number }) => void;
}

/** An SQLite library, as this package uses it. */
export interface Engine {
  /** The package or module that it comes from. */
  readonly name: string;
  /** The version of its SQLite. */
  readonly sqlite: string;
  /** Opens a file, which is made where it is missing. */
  readonly DatabaseSync: new (
    path: string,
    options?: EngineOptions,
  ) => EngineConnection;
  /** Copies a file page by page, off the event loop. */
  readonly backup: (from: EngineConnection, path: string, options: EngineBackupOptions) => Promise<unknown>;
  /** Whether closing a connection frees its statements; else only the collection of garbage does. */
  readonly freesStatements: boolean;
}

/** Node's own SQLite, and the package that stands in where it is too old. */
const own = "node:sqlite";
const standIn = "@photostructure/sqlite";

/**
 * Where all copies of this package in a process find the engine that the first of them took. Locks on files belong to
 * the process: a second SQLite library in it would not see those of the first, think of itself as the file's last user
 * and take the write-ahead log away when it closes. Whatever version of this package reads it: fields are only
 * ever added.
 */
const shared = Symbol.for("everdraft.sqlite.engine");

/**
 * The SQLite of this process: Node's own where it is new enough, else @photostructure/sqlite. Chosen once. Throws
 * StorageOutdatedError where neither can be had.
 */
export async function loadEngine(): Promise<Engine> {
  const found = sharedEngine() ?? share(ownEngine());
  if (found !== undefined) return found;
  const loaded = await standInEngine();
  // another copy of this package may have been faster
  return sharedEngine() ?? share(loaded) ?? loaded;
}

function sharedEngine(): Engine | undefined {
  const found: unknown = Reflect.get(globalThis, shared);
  return isEngine(found) ? found : undefined;
}

function share(engine: Engine | undefined): Engine | undefined {
  if (engine !== undefined) Object.defineProperty(globalThis, shared, { value: engine, configurable: true });
  return engine;
}

/** Node's own SQLite; undefined where there is none, or one with known data loss. */
function ownEngine(): Engine | undefined {
  const version = process.versions.sqlite;
  // asked before it is loaded: a second library is not even to be there
  if (version === undefined || !isAtLeast(version, oldestSqlite)) return undefined;
  const module = withoutWarning(() => process.getBuiltinModule(own));
  return isModule(module) ? engineOf(own, module, true) : undefined;
}

async function standInEngine(): Promise<Engine> {
  let cause: unknown;
  try {
    const module: unknown = await import("@photostructure/sqlite");
    if (isModule(module)) return engineOf(standIn, module, false);
  } catch (error) {
    cause = error;
  }
  const found = process.versions.sqlite ?? "none";
  throw new StorageOutdatedError(
    {
      engine: "SQLite",
      found,
      needed: oldestSqlite,
      reason: `this Node has no other, and ${standIn} cannot be loaded`,
      remedy: `Update Node, or install ${standIn}.`,
    },
    { cause },
  );
}

type EngineModule = Pick<Engine, "DatabaseSync" | "backup">;

function engineOf(name: string, { DatabaseSync, backup }: EngineModule, freesStatements: boolean): Engine {
  return { name, sqlite: versionOf(DatabaseSync), DatabaseSync, backup, freesStatements };
}

/** The version that the library itself tells: Node may be built upon that of the system. */
function versionOf(DatabaseSync: Engine["DatabaseSync"]): string {
  const connection = new DatabaseSync(":memory:");
  try {
    const row = connection.prepare("SELECT sqlite_version() AS version").get();
    return String(row?.version);
  } finally {
    connection.close();
  }
}

function isModule(value: unknown): value is EngineModule {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "DatabaseSync") === "function" &&
    typeof Reflect.get(value, "backup") === "function"
  );
}

function isEngine(value: unknown): value is Engine {
  return isModule(value) && typeof Reflect.get(value, "freesStatements") === "boolean";
}

/**
 * Loads without the one warning that Node's SQLite is experimental: it would be printed in every program that uses this
 * package, on Node 22.
 */
function withoutWarning<R>(load: () => R): R {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]) => {
    const isExpected = rest[0] === "ExperimentalWarning" && String(warning).includes("SQLite");
    if (!isExpected) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
