import type { AsyncList } from "../context/async-list.ts";
import type { WriteOptions } from "../context/options.ts";
import type { FindOptions, InnerChangesQuery, InnerHistoryQuery } from "../context/queries.ts";
import type { FoundDocument, RevertPlan, Written } from "../context/results.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { DocumentEvent } from "../projection/document-event.ts";
import type { Rows } from "../read/find-rows.ts";
import type { PlainObject } from "../value/value.ts";
import type { Store } from "./store.ts";

/** The result of a write, before it has the caller's types. */
type InnerWritten = Written<PlainObject, DocumentId>;

/**
 * A store inside the library: states are plain objects and ids are of any kind. What callers may pass is the
 * concern of Store's types, and what they do pass is checked.
 */
export interface InnerStore
  extends Omit<
    Store<PlainObject, DocumentId>,
    "as" | "revert" | "delete" | "history" | "changes" | "find" | "rows"
  > {
  as(user: unknown, options?: { readonly meta?: object }): object;
  delete(id: DocumentId, user: DocumentId, options?: WriteOptions): Promise<InnerWritten>;
  revert(
    id: DocumentId,
    user: DocumentId,
    moment: unknown,
    options?: WriteOptions & { readonly dryRun?: boolean },
  ): Promise<RevertPlan<DocumentId> | InnerWritten>;
  history(id: DocumentId, query?: InnerHistoryQuery): AsyncList<DocumentEvent<DocumentId>>;
  changes(query?: InnerChangesQuery): AsyncList<DocumentEvent<DocumentId>>;
  find(
    filter?: unknown,
    options?: FindOptions<PlainObject, DocumentId>,
  ): AsyncList<FoundDocument<PlainObject, DocumentId>>;
  rows(projection: string | { readonly name: string }): Rows<PlainObject, DocumentId>;
}

/** The calls that write events. */
export type Writing = Pick<InnerStore, "create" | "edit" | "replace" | "delete" | "restore" | "revert">;
/** The calls that keep a store in order. */
export type Upkeep = Pick<InnerStore, "import" | "resolve" | "verify" | "repair" | "sweep">;
/** The calls that list events. */
export type Listing = Pick<InnerStore, "history" | "changes">;
/** The calls that find and count documents and rows. */
export type Finding = Pick<InnerStore, "find" | "count" | "rows">;
/** The calls that read documents by their ids. */
export type Reading = Omit<
  InnerStore,
  | keyof Writing
  | keyof Upkeep
  | keyof Listing
  | keyof Finding
  | "as"
  | "ready"
  | "close"
  | typeof Symbol.asyncDispose
>;
