import {
  ClosedError,
  ConstraintError,
  EverdraftError,
  StorageBusyError,
  StorageError,
  StorageFullError,
  StorageReadOnlyError,
  TimeoutError,
  TooLargeError,
  ValueError,
} from "@everdraft/core/adapter";

/** What was attempted, for messages. */
export interface Attempted {
  /** What was to be done, as it follows "could not": "store events". */
  readonly operation: string;
  /** The database. */
  readonly database: string;
  /** How long it might take, in milliseconds. */
  readonly timeoutMs: number;
}

type Make = (message: string, attempted: Attempted, cause: unknown) => EverdraftError;

/** What an error of the server means. */
export interface Meaning {
  readonly make: Make;
  readonly remedy: string;
  /** Whether the command that it answers surely stored nothing, and never will by being sent again. */
  readonly final: boolean;
}

const storage: Make = (message, { operation }, cause) => new StorageError(message, { operation }, { cause });
const readOnly: Make = (message, { operation }, cause) =>
  new StorageReadOnlyError(message, { operation }, { cause });
const busy: Make = (message, { operation }, cause) => new StorageBusyError(message, { operation }, { cause });
const full: Make = (message, { operation }, cause) => new StorageFullError(message, { operation }, { cause });
/** Makes the error of a rule that a document does not meet. */
export const constraint: Make = (message, _, cause) =>
  new ConstraintError(message, { id: undefined }, { cause });
const closed: Make = (message, _, cause) => new ClosedError(message, { what: "storage" }, { cause });
const timeout: Make = (message, { timeoutMs }, cause) =>
  new TimeoutError(message, { id: undefined, timeoutMs }, { cause });
const value: Make = (message, _, cause) => new ValueError(message, { path: [], reason: message }, { cause });
const large: Make = (message, _, cause) =>
  new TooLargeError(message, { what: "state", bytes: Number.NaN, limit: 16_777_216 }, { cause });

const rights = "Give the user of the client the role readWrite on this database.";
const election = "The server is no primary now. A replica set has another one in seconds: try again.";
const ofIndex = "Store something that the index can take, or drop the index.";
const slow = "Give the call more timeoutMs, or look why the server is slow.";

const final = (make: Make, remedy: string): Meaning => ({ make, remedy, final: true });
const open = (make: Make, remedy: string): Meaning => ({ make, remedy, final: false });

/** The server's codes (error_codes.yml of MongoDB), with what to do. */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  [2, final(storage, "The server does not take the command. Look at the cause.")],
  [9, final(storage, "The server does not take the command. Look at the cause.")],
  [13, final(readOnly, rights)],
  [18, final(storage, "The server does not know the client's user. Look at its credentials.")],
  [20, final(storage, "The server cannot do that as it was set up. Look at the cause.")],
  [59, final(storage, "The server does not have the command. The README lists the servers that do.")],
  [72, final(storage, "The server does not take an option. Look at the cause.")],
  [73, final(storage, "Give the collection another name.")],
  [115, final(storage, "The server does not have the command. The README lists the servers that do.")],
  [121, final(constraint, "Take the validator away, or use atomicViews.")],
  [13026, final(constraint, ofIndex)],
  [13027, final(constraint, ofIndex)],
  [13068, final(constraint, ofIndex)],
  [13654, final(constraint, ofIndex)],
  [16572, final(constraint, ofIndex)],
  [16755, final(constraint, ofIndex)],
  [16766, final(constraint, ofIndex)],
  [16804, final(constraint, ofIndex)],
  [17261, final(constraint, ofIndex)],
  [17262, final(constraint, ofIndex)],
  [166, final(storage, "A MongoDB view cannot be written to. Name a collection.")],
  [171, final(constraint, ofIndex)],
  [263, final(storage, "The server cannot do that in a transaction. Leave atomicViews out.")],
  [10088, final(constraint, ofIndex)],
  [10334, final(large, "Keep less in one document or one edit.")],
  [11000, final(constraint, "Take the unique index away, or use atomicViews.")],
  [14031, open(full, "Make room on the server's disk, then try again.")],
  [17280, final(storage, "Make the indexed value shorter.")],
  [24, open(busy, slow)],
  [50, open(timeout, slow)],
  [112, open(busy, "Other writers were faster. Try again.")],
  [251, open(busy, "The transaction was taken back. Try again.")],
  // PostgreSQL's 40P01, as DocumentDB gives it: a deadlock was found
  [16908292, open(busy, "Other writers were in the way. Try again.")],
  [
    64,
    open(storage, "The write was not replicated in time; whether it stays is open. Look at the replica set."),
  ],
  [91, open(storage, election)],
  [100, open(storage, "Fewer members of the replica set answer than w: majority needs.")],
  [189, open(storage, election)],
  [10107, open(storage, election)],
  [11600, open(storage, election)],
  [11602, open(storage, election)],
  [13435, open(storage, election)],
  [13436, open(storage, election)],
]);

/** Errors of the driver itself, by name. */
const driverMeanings: ReadonlyMap<string, Meaning> = new Map([
  [
    "MongoNotConnectedError",
    final(closed, "Its owner closed the client. Connect it again, or hand in another."),
  ],
  [
    "MongoClientClosedError",
    open(closed, "Its owner closed the client. Connect it again, or hand in another."),
  ],
  [
    "MongoTopologyClosedError",
    open(closed, "Its owner closed the client. Connect it again, or hand in another."),
  ],
  ["MongoOperationTimeoutError", open(timeout, slow)],
  [
    "MongoServerSelectionError",
    open(storage, "No server answered. Look whether MongoDB runs and can be reached."),
  ],
  ["MongoNetworkError", open(storage, "The connection broke. Look whether MongoDB runs and can be reached.")],
  ["MongoNetworkTimeoutError", open(storage, "The server did not answer. Look whether it can be reached.")],
  [
    "MongoPoolClearedError",
    open(storage, "The connection broke. Look whether MongoDB runs and can be reached."),
  ],
  ["MongoWriteConcernError", open(storage, "The write was not replicated; whether it stays is open.")],
  ["BSONError", final(value, "The value has no form in BSON.")],
  ["BSONRuntimeError", final(value, "The value has no form in BSON.")],
]);

/** Codes of the operating system for a connection that broke: the driver lets some of them through as they are. */
const brokenConnection: ReadonlySet<unknown> = new Set(["EPIPE", "ECONNRESET", "ECONNREFUSED", "ETIMEDOUT"]);

const unknown: Meaning = open(storage, "Look at the cause.");

/**
 * The library's error for what the driver threw; errors of the library are given back as they are. The
 * driver's error is kept as `cause`.
 */
export function translateError(thrown: unknown, attempted: Attempted): Error {
  if (thrown instanceof EverdraftError) return thrown;
  const { make, remedy } = meaningOf(thrown);
  const { operation, database } = attempted;
  const message = `Could not ${operation} in the database ${JSON.stringify(database)}: ${textOf(thrown)}. ${remedy}`;
  return make(message, attempted, thrown);
}

/**
 * Whether after this error (of the driver or translated) of a write surely nothing of it was stored, so that
 * there is no sense in sending it again.
 */
export function storedNothing(thrown: unknown): boolean {
  if (thrown instanceof EverdraftError) return true;
  if (property(thrown, "writeConcernError") !== undefined) return false;
  if (hasLabel(thrown, "RetryableWriteError")) return false;
  return meaningOf(thrown).final;
}

/** What a code of the server means; undefined where it is in no table. */
export function codeMeans(code: number): Meaning | undefined {
  return meanings.get(code);
}

/**
 * Whether the same may succeed if it is tried again: after an election, once the server can be reached, or where
 * another writer was in the way. Not where the client's owner closed it.
 */
export function mayPass(thrown: unknown): boolean {
  const meaning = meaningOf(thrown);
  return meaning !== unknown && !meaning.final && meaning.make !== closed;
}

/** Whether the driver gave an error this label. */
export function hasLabel(thrown: unknown, label: string): boolean {
  const labels = property(thrown, "errorLabels");
  return Array.isArray(labels) && labels.includes(label);
}

/**
 * The server's code of an error. The error of a bulk wraps the server's, and so does the one by which the driver
 * says that a server refuses its retries.
 */
export function codeOf(thrown: unknown): number | undefined {
  const code = property(thrown, "code");
  if (typeof code === "number") return code;
  const wrapped = property(thrown, "cause") ?? property(thrown, "originalError");
  return wrapped === undefined ? undefined : codeOf(wrapped);
}

function meaningOf(thrown: unknown): Meaning {
  const code = codeOf(thrown);
  const known = code === undefined ? undefined : meanings.get(code);
  if (known !== undefined) return known;
  const name = property(thrown, "name");
  const byName = brokenConnection.has(property(thrown, "code")) ? "MongoNetworkError" : name;
  if (typeof byName === "string" && driverMeanings.has(byName)) return driverMeanings.get(byName) as Meaning;
  return hasLabel(thrown, "RetryableWriteError") ? { ...unknown, remedy: election } : unknown;
}

// what a unique index or validator refused is a value of a document, and values stay out of messages
const telling: ReadonlySet<number | undefined> = new Set([121, 11000]);

function textOf(thrown: unknown): string {
  if (telling.has(codeOf(thrown))) {
    const index = /index: (\S+)/.exec(String(property(thrown, "errmsg") ?? property(thrown, "message")))?.[1];
    return index === undefined
      ? "a validator or unique index refuses it"
      : `the unique index ${index} refuses it`;
  }
  const message = property(thrown, "errmsg") ?? property(thrown, "message");
  return typeof message === "string" ? message.replace(/\.$/, "") : String(thrown);
}

function property(thrown: unknown, name: string): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
}
