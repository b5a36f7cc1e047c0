export type { StoreAsOf } from "./store/calls/store-as-of.ts";
export type { UserStore } from "./store/calls/user-store.ts";
export { createStore } from "./store/create-store.ts";
export type { Store } from "./store/store.ts";

// for recipes

export { current, original, type Recipe } from "./patch/run-recipe.ts";

// the rest, by its files

export type { Change, TextRun } from "./changes/change.ts";
export type { Blame, BlamedEvent, BlamedValue, BlameOptions } from "./context/blamed.ts";
export type { Notice } from "./context/notice.ts";
export type {
  CallOptions,
  DocumentIndex,
  GetOptions,
  PlanUndoOptions,
  StoreOptions,
  UndoOptions,
  UserId,
  WriteOptions,
} from "./context/options.ts";
export type {
  ActivityCount,
  ActivityQuery,
  ChangesQuery,
  CountOptions,
  FieldName,
  FindDeletedOptions,
  FindOptions,
  FindRowsOptions,
  HistoryQuery,
  Selected,
} from "./context/queries.ts";
export type {
  DeletedDocument,
  FoundDocument,
  FoundOrDeleted,
  LivingDocument,
  ReadDocument,
  RevertPlan,
  UndoPlan,
  Written,
} from "./context/results.ts";
export type { Imported, ImportOptions, ImportProgress, ImportRefusal, Revision } from "./context/revision.ts";
export { AbsentError } from "./errors/absent-error.ts";
export { AsyncRecipeError } from "./errors/async-recipe-error.ts";
export {
  type AnyEverdraftError,
  type ErrorByCode,
  httpStatusOf,
  isEverdraftError,
} from "./errors/catalogue.ts";
export { ClockSkewError } from "./errors/clock-skew-error.ts";
export { ClosedError } from "./errors/closed-error.ts";
export { ConflictError } from "./errors/conflict-error.ts";
export { ConstraintError } from "./errors/constraint-error.ts";
export { CorruptEventError } from "./errors/corrupt-event-error.ts";
export { DeletedError } from "./errors/deleted-error.ts";
export { DriftError } from "./errors/drift-error.ts";
export { ErasedError } from "./errors/erased-error.ts";
export type { ErrorCode } from "./errors/error-code.ts";
export { EverdraftError } from "./errors/everdraft-error.ts";
export { ExistsError } from "./errors/exists-error.ts";
export { FilterError } from "./errors/filter-error.ts";
export { FormatTooNewError } from "./errors/format-too-new-error.ts";
export { IdError } from "./errors/id-error.ts";
export { ImportConflictError } from "./errors/import-conflict-error.ts";
export { ImportFutureError } from "./errors/import-future-error.ts";
export { ImportOrderError } from "./errors/import-order-error.ts";
export { IndeterminateError } from "./errors/indeterminate-error.ts";
export { KeptDraftError } from "./errors/kept-draft-error.ts";
export { KeyReusedError } from "./errors/key-reused-error.ts";
export { MigrationError } from "./errors/migration-error.ts";
export { MomentError } from "./errors/moment-error.ts";
export { MutatedValueError } from "./errors/mutated-value-error.ts";
export { NoSuchPlaceError } from "./errors/no-such-place-error.ts";
export { NotAdoptedError } from "./errors/not-adopted-error.ts";
export { NotFoundError } from "./errors/not-found-error.ts";
export { OptionsError } from "./errors/options-error.ts";
export { ProjectionError } from "./errors/projection-error.ts";
export { RecipeResultError } from "./errors/recipe-result-error.ts";
export { ReservedFieldError } from "./errors/reserved-field-error.ts";
export { RowsNotBuiltError } from "./errors/rows-not-built-error.ts";
export { SchemaTooNewError } from "./errors/schema-too-new-error.ts";
export { StorageBusyError } from "./errors/storage-busy-error.ts";
export { StorageCorruptError } from "./errors/storage-corrupt-error.ts";
export { StorageError } from "./errors/storage-error.ts";
export { StorageFullError } from "./errors/storage-full-error.ts";
export { StorageOutdatedError } from "./errors/storage-outdated-error.ts";
export { StorageReadOnlyError } from "./errors/storage-read-only-error.ts";
export { StorageReplacedError } from "./errors/storage-replaced-error.ts";
export { TimeoutError } from "./errors/timeout-error.ts";
export { TooLargeError } from "./errors/too-large-error.ts";
export { type UndoConflict, UndoConflictError } from "./errors/undo-conflict-error.ts";
export { UndoRefusedError } from "./errors/undo-refused-error.ts";
export { UserError } from "./errors/user-error.ts";
export { ValueError } from "./errors/value-error.ts";
export { VersionAheadError } from "./errors/version-ahead-error.ts";
export { ViewAheadError } from "./errors/view-ahead-error.ts";
export type { AnyMigration, Migration } from "./fold/migrate.ts";
export type { Finding } from "./history/check-view.ts";
export type { Verified } from "./history/verify.ts";
export type { EventType } from "./model/event.ts";
export { newId } from "./model/event-id.ts";
export type { FieldPath, ValueAt } from "./model/field-path.ts";
export type { Filter, Operators, SortBy } from "./model/filter-types.ts";
export type { Moment } from "./model/moment.ts";
export type { Patch } from "./model/patch.ts";
export type { Signal } from "./port/call.ts";
export type { LogIndexField } from "./port/index-store.ts";
export type { RowIndex } from "./port/row-store.ts";
export type { Storage } from "./port/storage.ts";
export type { FindPlan } from "./port/view-store.ts";
export {
  type AnyEventProjection,
  type AnyProjection,
  defineProjection,
  type EventProjection,
  type Projection,
  type ProjectionOf,
  type RowContext,
  type StateProjection,
} from "./projection/define-projection.ts";
export type { ChangedEvent, DocumentEvent, EventReference } from "./projection/document-event.ts";
export type { AsyncList, ChangeList, Page, PageOptions } from "./read/async-list.ts";
export type { FoundRow, RowList, Rows } from "./read/find-rows.ts";
export type { Path } from "./value/path.ts";
export type { AdapterValues, Draft, DraftObject, Leaf, State, StateObject } from "./value/state-types.ts";
export type { PlainObject } from "./value/value.ts";
export type { Swept } from "./views/sweep.ts";
export type { OpenWrite, Resolved } from "./write/resolve.ts";
