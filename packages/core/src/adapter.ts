/*
 * The tools of an adapter's author: the port, the stored forms, the errors that an adapter raises, and helpers for
 * storages whose engine lacks something. Programs that use a store need none of it.
 */
export { ClosedError } from "./errors/closed-error.ts";
export { ConstraintError } from "./errors/constraint-error.ts";
export { CorruptEventError } from "./errors/corrupt-event-error.ts";
export { DriftError } from "./errors/drift-error.ts";
export { EverdraftError } from "./errors/everdraft-error.ts";
export type { Failure } from "./errors/failure.ts";
export { FormatTooNewError } from "./errors/format-too-new-error.ts";
export { OptionsError } from "./errors/options-error.ts";
export { showId } from "./errors/show.ts";
export { StorageBusyError } from "./errors/storage-busy-error.ts";
export { StorageCorruptError } from "./errors/storage-corrupt-error.ts";
export { StorageError } from "./errors/storage-error.ts";
export { StorageFullError } from "./errors/storage-full-error.ts";
export { StorageOutdatedError } from "./errors/storage-outdated-error.ts";
export { StorageReadOnlyError } from "./errors/storage-read-only-error.ts";
export { StorageReplacedError } from "./errors/storage-replaced-error.ts";
export { TimeoutError } from "./errors/timeout-error.ts";
export { TooLargeError } from "./errors/too-large-error.ts";
export { ValueError } from "./errors/value-error.ts";

export type { Snapshot } from "./fold/snapshot.ts";
export { carriedBytes, carryBytes } from "./model/carried-bytes.ts";
export { type DocumentId, type IdKind, idKey, numberId, stringId } from "./model/document-id.ts";
export {
  type EventBase,
  type EventRef,
  eventFormat,
  isStoredEventType,
  numberOfType,
  type PayloadGone,
  type StoredEvent,
  type StoredEventType,
} from "./model/event.ts";
export { isMadeId } from "./model/event-id.ts";
export type { CheckedFilter } from "./model/filter.ts";
export type { CheckedMoment } from "./model/moment.ts";
export { isPatches, type Patch } from "./model/patch.ts";
export { readRecord, readSearched, type Searched } from "./model/read-record.ts";
export { recordOf } from "./model/record.ts";
export type { RecordBytes } from "./model/record-page.ts";
export { compareIds, compareValues, emptyList, sortValue, type ValueOrder } from "./model/sort-order.ts";

export type { Call, Signal } from "./port/call.ts";
export type { Capabilities } from "./port/capabilities.ts";
export type { CheckpointStore, Revised } from "./port/checkpoint-store.ts";
export { type Deadline, startDeadline } from "./port/deadline.ts";
export type {
  Append,
  ChangePosition,
  ChangeQuery,
  EventLog,
  NamedRows,
  Outcome,
  StoredPlace,
  StoringOrder,
} from "./port/event-log.ts";
export type { Facts, Problem } from "./port/facts.ts";
export { type IndexStore, indexName, type LogIndexField, type StoredIndex } from "./port/index-store.ts";
export { onAbort } from "./port/on-abort.ts";
export { type Pace, pace } from "./port/pace.ts";
export type { Refusal } from "./port/refusal.ts";
export type { Row, RowIndex, RowOutcome, RowSet, RowStore } from "./port/row-store.ts";
export type { Neighbours, SnapshotStore } from "./port/snapshot-store.ts";
export type { Storage, StoredCollection } from "./port/storage.ts";
export { type KnownView, type View, type ViewOutcome, withoutHistory } from "./port/view.ts";
export { digestOfFacts, digestOfView, isIntact, stateBytesOf } from "./port/view-digest.ts";
export type {
  FindPlan,
  FindPosition,
  FindQuery,
  SchemaRange,
  Slot,
  Sort,
  ViewStore,
} from "./port/view-store.ts";

export { createMatcher } from "./scan/filter-evaluator.ts";
export { countByScan, findByScan, isOfSchema, positionOf, type ScanViews } from "./scan/find-views.ts";
export { entriesOf, type IndexEntries, type IndexShape, looser, outsideEntry } from "./scan/index-entries.ts";
export {
  type FieldBound,
  type KeyEnd,
  type PlannedFind,
  type PlannedIndex,
  type PlannedOrder,
  placeKeys,
  planFind,
  type SortedField,
} from "./scan/plan-find.ts";
export { rowId } from "./scan/row-id.ts";
export { aboveAll } from "./scan/sort-key.ts";
export { encode } from "./value/canonical.ts";
export { decode } from "./value/canonical-decode.ts";

export { type OptionNames, refuseUnknownOptions } from "./value/known-options.ts";

export type { Path } from "./value/path.ts";

export { isPlain, type PlainObject } from "./value/value.ts";
export { type ValueType, type ValueTypes, valueTypes } from "./value/value-type.ts";
