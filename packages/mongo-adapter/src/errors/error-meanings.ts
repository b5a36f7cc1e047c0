import {
  ClosedError,
  ConstraintError,
  type EverdraftError,
  type Failure,
  StorageBusyError,
  StorageError,
  StorageFullError,
  StorageReadOnlyError,
  TimeoutError,
  TooLargeError,
  ValueError,
} from "@everdraft/core/adapter";
import { whichBson } from "../bson/bson-classes.ts";

/** The attempt that a message names. */
export interface Attempted {
  /** The operation, as it follows "could not": "store events". */
  readonly operation: string;
  /** The database. */
  readonly database: string;
  /** How long it might take, in milliseconds. */
  readonly timeoutMs: number;
}

type Make = (failure: Failure, cause: unknown, attempted: Attempted) => EverdraftError;

/** The meaning of an error of the server. */
export interface Meaning {
  readonly make: Make;
  readonly remedy: string;
  /** Whether the command that it answers surely stored nothing, and never will by being sent again. */
  readonly final: boolean;
}

const storage: Make = (failure, cause) => new StorageError(failure, { cause });
const readOnly: Make = (failure, cause) => new StorageReadOnlyError(failure, { cause });
const busy: Make = (failure, cause) => new StorageBusyError(failure, { cause });
const full: Make = (failure, cause) => new StorageFullError(failure, { cause });
/** Makes the error of a rule that a document does not meet. */
export const constraint: Make = (failure, cause) =>
  new ConstraintError({ ...failure, id: undefined }, { cause });
/** Makes the error of a client that was closed. */
export const closed: Make = (failure, cause) => new ClosedError({ ...failure, what: "storage" }, { cause });
const timeout: Make = (failure, cause, { timeoutMs }) =>
  new TimeoutError({ ...failure, id: undefined, timeoutMs }, { cause });
const value: Make = (failure, cause) => new ValueError({ ...failure, path: [] }, { cause });
const large: Make = (failure, cause) =>
  new TooLargeError({ ...failure, what: "state", bytes: Number.NaN, limit: 16_777_216 }, { cause });

const rights = "Give the user of the client the role readWrite on this database.";
const election = "The server is no primary now. A replica set has another one in seconds: try again.";
const ofIndex = "Store something that the index can take, or drop the index.";
const notSent = "The driver did not send it. Look at the cause.";
const slow = "Give the call more timeoutMs, or look why the server is slow.";

const final = (make: Make, remedy: string): Meaning => ({ make, remedy, final: true });
const open = (make: Make, remedy: string): Meaning => ({ make, remedy, final: false });

/** The server's codes (error_codes.yml of MongoDB), with the remedies. */
export const serverMeanings: ReadonlyMap<number, Meaning> = new Map([
  [2, final(storage, "The server does not take the command. Look at the cause.")],
  [9, final(storage, "The server does not take the command. Look at the cause.")],
  [13, final(readOnly, rights)],
  [18, final(storage, "The server does not know the client's user. Look at its credentials.")],
  [20, final(storage, "The server cannot do that as it was set up. Look at the cause.")],
  [52, final(constraint, "Use a name that does not begin with $, or a server that takes such names.")],
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
export const driverMeanings: ReadonlyMap<string, Meaning> = new Map([
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
    open(
      storage,
      "No server answered that the client may use. Look whether MongoDB runs and can be reached, and has a member for the client's readPreference.",
    ),
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
  ["BSONOffsetError", final(value, "The value has no form in BSON.")],
  // errors that the driver throws before it sends
  ["BSONVersionError", final(value, whichBson)],
  ["MongoInvalidArgumentError", final(storage, notSent)],
  ["MongoCompatibilityError", final(storage, notSent)],
  ["MongoMissingDependencyError", final(storage, notSent)],
  ["MongoExpiredSessionError", final(storage, notSent)],
  ["MongoTransactionError", final(storage, notSent)],
]);

/** The meaning of an error that nobody knows. */
export const unknownMeaning: Meaning = open(storage, "Look at the cause.");

/** The remedy for a write that an election was in the way of. */
export const electionRemedy: string = election;

/** The remedy where a server refuses that the driver sends a write again. */
export const retriesRemedy: string =
  "This server takes no retries of writes: make the client with retryWrites=false.";
