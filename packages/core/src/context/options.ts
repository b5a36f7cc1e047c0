import type { AnyMigration } from "../fold/migrate.ts";
import type { SortBy } from "../model/filter-types.ts";
import type { Signal } from "../port/call.ts";
import type { LogIndexField } from "../port/index-store.ts";
import type { Storage } from "../port/storage.ts";
import type { ProjectionOf } from "../projection/define-projection.ts";
import type { Path } from "../value/path.ts";
import type { State } from "../value/state-types.ts";
import type { Notice } from "./notice.ts";

/**
 * An index over documents.
 *
 * @typeParam T the document's state
 */
export interface DocumentIndex<T> {
  /** Its fields, in order, by dotted paths: 1 ascending, -1 descending. */
  readonly keys: SortBy<T>;
}

/**
 * How a store is made.
 *
 * @typeParam T a document's state; by default any, which no projection asks anything of
 * @typeParam Id the ids of documents
 */
export interface StoreOptions<T extends object = object, Id = string> {
  /** The name of the collection: 1 to 100 characters, the same in every process that uses it. */
  readonly collection: string;
  /** Where it is kept. One storage serves many stores, and who made it closes it. */
  readonly storage: Storage<Id>;
  /** The schema version of the states that this store writes, from 1. Default 1. */
  readonly schemaVersion?: number;
  /**
   * For each schema version n below `schemaVersion`, a pure function from a state of version n to one of n + 1.
   * The state that it is given is frozen: it returns a new one. Annotate its parameter with the older type, or it as
   * `Migration<Older, Newer>`.
   */
  readonly migrations?: Readonly<Record<number, AnyMigration>>;
  /**
   * The time in milliseconds since 1970, used as it is. Default: the process's clock, corrected by the
   * server's where there is one.
   */
  readonly clock?: () => number;
  /** The newest states of recently written documents: about so many bytes of heap. Default 64 MiB; 0 turns it off. */
  readonly cache?: { readonly maxBytes: number };
  /**
   * Whether nobody but stores of this library writes the collection's views. Then `get` and `getMany` answer from the
   * cache where it has the version of the view, also on a storage where other programs may write views (MongoDB): the
   * server sends a version in place of a state. A state that another program wrote all the same is not seen by them, but
   * by `read`, every write and `verify`. Default false; SQLite and memory need no such word.
   */
  readonly onlyWriter?: boolean;
  /**
   * Projections whose rows this store keeps after the view, each name once. One that is new to a collection with
   * documents, or has a new version, is complete after a `rebuild`.
   */
  readonly projections?: readonly ProjectionOf<State<T>, Id>[];
  /**
   * Indexes over the documents, by which `find` and `count` read no more than they need (`explain` says which). One that is
   * new to a collection with documents is built in the background, and used when it is complete (the notice `index-built`).
   * It stays in the storage: every writer keeps it, whatever its options, until it is dropped. On SQLite it costs each edit
   * that changes its fields some 20 µs; memory has none. Default: none are added.
   */
  readonly indexes?: readonly DocumentIndex<NoInfer<T>>[];
  /**
   * Indexes over the events of all documents, by which `changes` with this user, type or act reads no more than it gives.
   * One that is new to a log with events is made in the background (the notice `index-built`): on SQLite in one piece, in
   * which nothing else is done with the file, some seconds for a million events. It stays in the storage as the other
   * indexes do, and gets an entry with every event. Memory has none. Default: none are added.
   */
  readonly logIndexes?: readonly LogIndexField[];
  /**
   * Whether the store looks for late views and rows in the background when it opens, as `sweep()` does. Default: where a
   * crash can leave some behind, which is with projections, and on storages that write an event and its view apart.
   */
  readonly sweep?: boolean;
  /** Upper limits in bytes of the canonical encoding. Default: the storage's. */
  readonly limits?: { readonly eventBytes?: number; readonly stateBytes?: number };
  /**
   * Hears of facts that are worth knowing and are no errors: retries, views behind. The only channel; the library
   * prints nothing.
   */
  readonly onNotice?: (notice: Notice) => void;
}

/** The options of every call. */
export interface CallOptions {
  /**
   * Ends the call early with the signal's reason; a write that was sent ends IndeterminateError instead, or
   * with its result.
   */
  readonly signal?: Signal;
  /** How long the call may take, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

/** The options of `get`. */
export interface GetOptions extends CallOptions {
  /**
   * Answers only from this version on, as a `Written` named it: a view that is behind it is compared with the log (two
   * reads more), and a log that does not reach it is a VersionAheadError.
   */
  readonly atLeast?: number;
}

/** The options of every write. */
export interface WriteOptions extends CallOptions {
  /** Why, in the caller's words; kept with the event. */
  readonly reason?: string;
  /** Whatever is to be kept with the event: a small plain object. */
  readonly meta?: object;
  /**
   * An idempotency key: the same key for the same act (document, user, call, and the state of `create` and `replace` or
   * the moment of `revert`) gives the first result again, with `repeated: true`; reason, meta and expectedVersion do not
   * count. A call with a key always leaves an event: a blank one where nothing changes, which readers do not see. For
   * another act it is a KeyReusedError.
   */
  readonly key?: string;
  /**
   * The version that the caller has seen (0: none). Another one is a ConflictError, and nothing is retried. It holds as
   * long as nothing but blanks follow it.
   */
  readonly expectedVersion?: number;
  /**
   * How often the write is decided again when another writer was first; 0 for never. Default: until its time is up. Then
   * it is a ConflictError.
   */
  readonly retries?: number;
  /** Goes on with the head's time where the head is more than 60 s in the future of the server's clock. */
  readonly acceptFutureHead?: boolean;
}

/** The options of `planUndo`. */
export interface PlanUndoOptions extends CallOptions {
  /**
   * Takes back these places alone, with all in them: paths in the state after the event; of a removed value in the state
   * before it. Default: all that the event changed.
   */
  readonly paths?: readonly Path[];
  /**
   * Where a later event touched a place: `keep` leaves the place as it is, `take` takes it back all the same. Default: nothing
   * is stored, and the places are told (UndoConflictError).
   */
  readonly onConflict?: "keep" | "take";
}

/** The options of `undo` and `redo`. */
export interface UndoOptions extends WriteOptions, Omit<PlanUndoOptions, keyof CallOptions> {}

/** The id of a user: a string, or of the kinds that ids of documents have. */
export type UserId<Id> = Id | string;
