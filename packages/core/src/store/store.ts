// for programs without Node's types
/// <reference lib="esnext.disposable" preserve="true" />

import type { UserId } from "../context/options.ts";
import type { HistoryCalls } from "./calls/history-calls.ts";
import type { OwnerCalls } from "./calls/owner-calls.ts";
import type { ReadCalls } from "./calls/read-calls.ts";
import type { UserStore } from "./calls/user-store.ts";
import type { WriteCalls } from "./calls/write-calls.ts";
import type { WriteQuestions } from "./calls/write-questions.ts";

/**
 * A collection of documents with their whole history. Every write names its document and user and stores at most one
 * event: atomically, or not at all. All calls can fail with ClosedError and the Storage… errors; writes with the errors
 * that docs/errors.md lists under "Writes".
 *
 * @typeParam T a document's state: an interface or type alias of plain values
 * @typeParam Id the ids of documents
 */
export interface Store<T extends object, Id = string>
  extends WriteCalls<T, Id>,
    WriteQuestions<T, Id>,
    ReadCalls<T, Id>,
    HistoryCalls<T, Id>,
    OwnerCalls<T, Id>,
    AsyncDisposable {
  /**
   * The store in the name of one user: its writes take no user, so that an id and a user cannot be mixed up. The meta is kept
   * with each event of it; the meta of a call is merged over it, key by key. Costs nothing, and needs no closing. Throws
   * UserError, OptionsError.
   *
   * @example
   * const mine = orders.as("alice", { meta: { request: "r-7" } });
   * await mine.edit("o-1", (draft) => void (draft.status = "paid"));
   */
  as(user: UserId<Id>, options?: { readonly meta?: object }): UserStore<T, Id>;
}
