import { types } from "node:util";
import type { AbsentError } from "./absent-error.ts";
import type { AsyncRecipeError } from "./async-recipe-error.ts";
import type { ClockSkewError } from "./clock-skew-error.ts";
import type { ClosedError } from "./closed-error.ts";
import type { ConflictError } from "./conflict-error.ts";
import type { ConstraintError } from "./constraint-error.ts";
import type { CorruptEventError } from "./corrupt-event-error.ts";
import type { DeletedError } from "./deleted-error.ts";
import type { DriftError } from "./drift-error.ts";
import type { ErasedError } from "./erased-error.ts";
import type { ErrorCode } from "./error-code.ts";
import type { ExistsError } from "./exists-error.ts";
import type { FilterError } from "./filter-error.ts";
import type { FormatTooNewError } from "./format-too-new-error.ts";
import type { IdError } from "./id-error.ts";
import type { ImportConflictError } from "./import-conflict-error.ts";
import type { ImportFutureError } from "./import-future-error.ts";
import type { ImportOrderError } from "./import-order-error.ts";
import type { IndeterminateError } from "./indeterminate-error.ts";
import type { KeptDraftError } from "./kept-draft-error.ts";
import type { KeyReusedError } from "./key-reused-error.ts";
import type { MigrationError } from "./migration-error.ts";
import type { MomentError } from "./moment-error.ts";
import type { MutatedValueError } from "./mutated-value-error.ts";
import type { NoSuchPlaceError } from "./no-such-place-error.ts";
import type { NotAdoptedError } from "./not-adopted-error.ts";
import type { NotFoundError } from "./not-found-error.ts";
import type { OptionsError } from "./options-error.ts";
import type { ProjectionError } from "./projection-error.ts";
import type { RecipeResultError } from "./recipe-result-error.ts";
import type { ReservedFieldError } from "./reserved-field-error.ts";
import type { RowsNotBuiltError } from "./rows-not-built-error.ts";
import type { SchemaTooNewError } from "./schema-too-new-error.ts";
import type { StorageBusyError } from "./storage-busy-error.ts";
import type { StorageCorruptError } from "./storage-corrupt-error.ts";
import type { StorageError } from "./storage-error.ts";
import type { StorageFullError } from "./storage-full-error.ts";
import type { StorageOutdatedError } from "./storage-outdated-error.ts";
import type { StorageReadOnlyError } from "./storage-read-only-error.ts";
import type { StorageReplacedError } from "./storage-replaced-error.ts";
import type { TimeoutError } from "./timeout-error.ts";
import type { TooLargeError } from "./too-large-error.ts";
import type { UndoConflictError } from "./undo-conflict-error.ts";
import type { UndoRefusedError } from "./undo-refused-error.ts";
import type { UserError } from "./user-error.ts";
import type { ValueError } from "./value-error.ts";
import type { VersionAheadError } from "./version-ahead-error.ts";
import type { ViewAheadError } from "./view-ahead-error.ts";

/** The library's errors by their codes. */
export interface ErrorByCode {
  readonly value: ValueError;
  readonly reserved_field: ReservedFieldError;
  readonly too_large: TooLargeError;
  readonly recipe_async: AsyncRecipeError;
  readonly recipe_result: RecipeResultError;
  readonly kept_draft: KeptDraftError;
  readonly mutated_value: MutatedValueError;
  readonly id: IdError;
  readonly user: UserError;
  readonly options: OptionsError;
  readonly not_found: NotFoundError;
  readonly deleted: DeletedError;
  readonly exists: ExistsError;
  readonly not_adopted: NotAdoptedError;
  readonly absent: AbsentError;
  readonly no_such_place: NoSuchPlaceError;
  readonly moment: MomentError;
  readonly version_ahead: VersionAheadError;
  readonly conflict: ConflictError;
  readonly key_reused: KeyReusedError;
  readonly undo_conflict: UndoConflictError;
  readonly undo_refused: UndoRefusedError;
  readonly indeterminate: IndeterminateError;
  readonly timeout: TimeoutError;
  readonly clock_skew: ClockSkewError;
  readonly filter: FilterError;
  readonly import_order: ImportOrderError;
  readonly import_future: ImportFutureError;
  readonly import_conflict: ImportConflictError;
  readonly drift: DriftError;
  readonly view_ahead: ViewAheadError;
  readonly corrupt_event: CorruptEventError;
  readonly erased: ErasedError;
  readonly format_too_new: FormatTooNewError;
  readonly schema_too_new: SchemaTooNewError;
  readonly migration: MigrationError;
  readonly closed: ClosedError;
  readonly storage: StorageError;
  readonly storage_busy: StorageBusyError;
  readonly storage_read_only: StorageReadOnlyError;
  readonly storage_replaced: StorageReplacedError;
  readonly storage_full: StorageFullError;
  readonly storage_corrupt: StorageCorruptError;
  readonly storage_outdated: StorageOutdatedError;
  readonly constraint: ConstraintError;
  readonly projection: ProjectionError;
  readonly rows_not_built: RowsNotBuiltError;
}

/** Any error of the library: its `code` tells which, and so the type of its `details`. */
export type AnyEverdraftError = ErrorByCode[ErrorCode];

/**
 * For each code the HTTP status that fits it where nothing else is known. It is 500 where the program or its data is to
 * be mended.
 */
const statuses: Readonly<Record<ErrorCode, number>> = {
  value: 422,
  reserved_field: 422,
  too_large: 413,
  recipe_async: 500,
  recipe_result: 500,
  kept_draft: 500,
  mutated_value: 500,
  id: 400,
  user: 400,
  options: 500,
  not_found: 404,
  deleted: 410,
  exists: 409,
  not_adopted: 409,
  absent: 404,
  no_such_place: 404,
  moment: 400,
  version_ahead: 404,
  conflict: 409,
  key_reused: 422,
  undo_conflict: 409,
  undo_refused: 422,
  indeterminate: 504,
  timeout: 504,
  clock_skew: 503,
  filter: 400,
  import_order: 422,
  import_future: 422,
  import_conflict: 409,
  drift: 500,
  view_ahead: 500,
  corrupt_event: 500,
  erased: 410,
  format_too_new: 500,
  schema_too_new: 500,
  migration: 500,
  closed: 503,
  storage: 503,
  storage_busy: 503,
  storage_read_only: 503,
  storage_replaced: 503,
  storage_full: 507,
  storage_corrupt: 500,
  storage_outdated: 500,
  constraint: 409,
  projection: 500,
  rows_not_built: 503,
};

/**
 * Whether an error is one of the library's, and of this code where one is given; then `details` has the type of that code. It
 * also knows errors of another copy of the package, and of another realm.
 *
 * @param error anything that was thrown
 * @param code the code that is asked for; left out, any
 * @example
 * try {
 *   await orders.edit("o-1", "alice", recipe, { expectedVersion: 3 });
 * } catch (error) {
 *   if (!isEverdraftError(error, "conflict")) throw error;
 *   console.log(`${error.details.foundBy} was first, with version ${error.details.found}`);
 * }
 */
export function isEverdraftError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is ErrorByCode[C] {
  if (!(error instanceof Error || types.isNativeError(error))) return false;
  if (!("code" in error && "details" in error) || typeof error.code !== "string") return false;
  return code === undefined ? Object.hasOwn(statuses, error.code) : error.code === code;
}

/**
 * The HTTP status that fits an error of the library where nothing else is known (docs/errors.md lists them): a
 * suggestion for handlers of whole applications. 500 for all other errors.
 *
 * @param error anything that was thrown
 */
export function httpStatusOf(error: unknown): number {
  return isEverdraftError(error) ? statuses[error.code] : 500;
}
