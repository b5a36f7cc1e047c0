import type { WriteOptions } from "../context/options.ts";
import type {
  FindOptions,
  InnerChangesQuery,
  InnerFindOptions,
  InnerHistoryQuery,
} from "../context/queries.ts";
import type { FoundDocument, FoundOrDeleted, Written } from "../context/results.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { DocumentEvent } from "../projection/document-event.ts";
import type { AsyncList, ChangeList } from "../read/async-list.ts";
import type { Rows } from "../read/find-rows.ts";
import type { PlainObject } from "../value/value.ts";
import type { StoreAsOf } from "./calls/store-as-of.ts";
import type { Store } from "./store.ts";

/** The result of a write, before it has the caller's types. */
type InnerWritten = Written<PlainObject, DocumentId>;

/** A document that was found, before it has the caller's types. */
type InnerFound = FoundDocument<PlainObject, DocumentId> | FoundOrDeleted<PlainObject, DocumentId>;

/** The calls at a date, before they have the caller's types. */
export interface InnerStoreAsOf extends Omit<StoreAsOf<PlainObject, DocumentId>, "find"> {
  find(filter?: unknown, options?: FindOptions<PlainObject>): AsyncList<InnerFound>;
}

/**
 * A store inside the library: states are plain objects and ids are of any kind. Store's types say which arguments callers
 * may pass; the arguments that they do pass are checked.
 *
 * `Store<PlainObject, DocumentId>` cannot stand here. The results of these calls depend on types that only a caller has:
 * `history` and `changes` on the `type` of their query, `find` on its `select` and `deleted`, `asOf` as `find`, `rows` on the projection, and `delete` on
 * its state that is none. No code of the library can give a result of such a type without a cast. So these calls are
 * written without type parameters here, and `createStore` has the one cast for all of them.
 */
export interface InnerStore
  extends Omit<
    Store<PlainObject, DocumentId>,
    "as" | "delete" | "history" | "changes" | "find" | "rows" | "asOf"
  > {
  as(user: unknown, options?: { readonly meta?: object }): object;
  delete(id: DocumentId, user: DocumentId, options?: WriteOptions): Promise<InnerWritten>;
  history(id: DocumentId, query?: InnerHistoryQuery): AsyncList<DocumentEvent<DocumentId>>;
  changes(query?: InnerChangesQuery): ChangeList<DocumentEvent<DocumentId>>;
  find(filter?: unknown, options?: InnerFindOptions): AsyncList<InnerFound>;
  asOf(date: unknown): InnerStoreAsOf;
  rows(projection: string | { readonly name: string }): Rows<PlainObject, DocumentId>;
}

/** The calls that write events. */
export type Writing = Pick<
  InnerStore,
  "create" | "edit" | "replace" | "delete" | "restore" | "revert" | "undo" | "redo"
>;
/** The calls that keep a store in order. */
export type Administration = Pick<InnerStore, "import" | "resolve" | "verify" | "repair" | "sweep">;
/** The calls that give lists. */
export type Lists = Pick<InnerStore, "history" | "changes" | "find" | "rows">;
/** The calls that ask about one document's past. */
export type Past = Pick<
  InnerStore,
  "read" | "activity" | "stateAt" | "diff" | "blame" | "planRevert" | "planUndo"
>;
/** The calls that read documents as they are now. */
export type Reading = Omit<
  InnerStore,
  | keyof Writing
  | keyof Administration
  | keyof Lists
  | keyof Past
  | "asOf"
  | "as"
  | "ready"
  | "close"
  | typeof Symbol.asyncDispose
>;
