import type { Change } from "../../changes/change.ts";
import type { Blame, BlameOptions } from "../../context/blamed.ts";
import type { CallOptions } from "../../context/options.ts";
import type { ActivityCount, ActivityQuery, ChangesQuery, HistoryQuery } from "../../context/queries.ts";
import type { ReadDocument } from "../../context/results.ts";
import type { EventType } from "../../model/event.ts";
import type { Moment } from "../../model/moment.ts";
import type { ChangedEvent, DocumentEvent } from "../../projection/document-event.ts";
import type { AsyncList, ChangeList } from "../../read/async-list.ts";
import type { State } from "../../value/state-types.ts";
import type { StoreAsOf } from "./store-as-of.ts";

/**
 * The calls that read the past of documents: states, events and who set each value.
 *
 * @typeParam T a document's state
 * @typeParam Id the ids of documents
 */
export interface HistoryCalls<T extends object, Id = string> {
  /**
   * The state with its version, time and user. Without a moment: now, compared with the log, so never behind
   * (two reads at once); a view that is behind is brought forward. With one: as `stateAt`. Undefined where
   * the document did not live then.
   *
   * @example
   * const now = await orders.read("o-1");
   * if (now !== undefined) console.log(now.version, now.by, now.state.status);
   */
  read(id: Id, moment?: Moment, options?: CallOptions): Promise<ReadDocument<State<T>, Id> | undefined>;
  /**
   * The state at a moment, undefined before the creation and while deleted. A date means the last event at or
   * before it; one in the future the state now. Costs one snapshot and the events after it, whatever the
   * length of the history. Throws MomentError, VersionAheadError.
   *
   * @example
   * const before = await orders.stateAt("o-1", { version: 1 });
   * const then = await orders.stateAt("o-1", new Date("2026-03-01"));
   */
  stateAt(id: Id, moment: Moment, options?: CallOptions): Promise<State<T> | undefined>;
  /**
   * The whole collection at a date: `get`, `getMany`, `find` and `count` as they would have answered then. A date means the
   * last event of each document at or before it; one in the future the collection now; before the first event there is no
   * document. Costs nothing by itself, and needs no closing. Throws MomentError.
   *
   * @example
   * const then = orders.asOf(new Date("2026-03-01"));
   * console.log(await then.count({ status: "open" }), await then.get("o-1"));
   */
  asOf(date: Date): StoreAsOf<T, Id>;
  /**
   * The events of a document, read in pages as they are iterated. With a `type` in the query they are of that type; with
   * `changes: true` each comes with its changes and old values (`ChangedEvent`), in one pass over the log. With a `path`
   * they are the events that changed the value there, which is followed back from the state at `at`. Costs no state
   * without `changes` and `path`; with `changes` each event is folded once (newest first twice); with a `path` all events
   * up to `at` are, as far back as the iteration goes. Throws NoSuchPlaceError where nothing is at the path then, MomentError,
   * VersionAheadError; CorruptEventError and ErasedError where states are needed.
   *
   * @example
   * for await (const { version, at, by, type, reason } of orders.history("o-1", { order: "newest" }))
   *   console.log(version, at, by, type, reason);
   * for await (const { by, changes } of orders.history("o-1", { path: ["lines", 0, "qty"], changes: true }))
   *   console.log(by, formatChanges(changes));
   */
  history<Type extends EventType = EventType, Changes extends boolean = false>(
    id: Id,
    query?: HistoryQuery<Id, Type> & { readonly changes?: Changes },
  ): AsyncList<Changes extends true ? ChangedEvent<Id, Type> : DocumentEvent<Id, Type>>;
  /**
   * The events of all documents by time, read in pages as they are iterated. Nothing that must be complete can rest on it:
   * late events appear at their own time. With `logIndexes` for the user, the type or the act a page costs the events that it
   * gives, however long the log; `explain()` of the list tells. Every other condition is checked on each event. A cursor of
   * another list, of another store, or behind no event is an OptionsError. Throws OptionsError, MomentError, UserError.
   *
   * @example
   * const today = await orders.changes({ by: "alice", from: new Date(Date.now() - 86_400_000) }).toArray();
   * const { items, next } = await orders.changes({ path: ["lines", "*", "qty"], meta: { app: "desk" } }).page({ limit: 20 });
   * if ((await orders.changes({ by: "alice" }).explain()).kind === "scan") console.log("logIndexes: ['by'] would help");
   */
  changes<Type extends EventType = EventType>(
    query?: ChangesQuery<Id, Type>,
  ): ChangeList<DocumentEvent<Id, Type>>;
  /**
   * How many events there are in each hour or day of a time zone, by user and type, in the order of time; spans without events
   * are left out, and so are blanks. A day in which the clocks change has 23 or 25 hours, and an hour that comes twice is two.
   * Cost: pages of the events between the dates (with `by` and `logIndexes` for it those of the user). Throws OptionsError,
   * MomentError, IdError, UserError.
   *
   * @example
   * const days = await orders.activity({ bucket: "day", timeZone: "Europe/Berlin", from: new Date("2026-01-01") });
   * for (const { start, by, type, count } of days) console.log(start, by, type, count);
   */
  activity(query: ActivityQuery<Id>): Promise<readonly ActivityCount<Id>[]>;
  /**
   * The changes between two moments, with elements of arrays followed; version 0 is before the creation. Costs a `stateAt`
   * of each. Throws MomentError, VersionAheadError.
   *
   * @example
   * const changes = await orders.diff("o-1", { version: 1 }, new Date());
   */
  diff(id: Id, a: Moment, b: Moment, options?: CallOptions): Promise<readonly Change[]>;
  /**
   * Each value of a document at a moment (default: now), with the event that last set it: who, when, why. Elements of arrays
   * keep their events when others are put before them, or when they move. Undefined where the document did not live then.
   * Costs one replay of all events up to the moment. Throws MomentError, VersionAheadError.
   *
   * @example
   * const blame = await orders.blame("o-1");
   * const status = blame?.at(["status"]);
   * console.log(status?.value, status?.event.by, status?.event.reason, await status?.previous());
   * for (const { path, event } of blame ?? []) console.log(path.join("."), event.by, event.at);
   */
  blame(id: Id, moment?: Moment, options?: BlameOptions<Id>): Promise<Blame<State<T>, Id> | undefined>;
}
