import { OptionsError } from "../errors/options-error.ts";
import type { RowIndex } from "../port/row-store.ts";
import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import type { State } from "../value/state-types.ts";
import { checkIndexes } from "./check-indexes.ts";
import type { DocumentEvent } from "./document-event.ts";

/** Which document a row follows from, and its newest event. */
export interface RowContext<Id = string> {
  /** The document. */
  readonly id: Id;
  /** Its version. */
  readonly version: number;
  /** When that version was made. */
  readonly at: Date;
  /** Who made it. */
  readonly by: Id | string;
}

interface Named {
  /**
   * Its name: a letter, then up to 39 letters, digits, `_` or `-`. The rows are in `<collection>.rows.<name>.v<version>`.
   */
  readonly name: string;
  /** Counts up, from 1, with every change of the rows that it gives: the rows of a new version are built beside the old. */
  readonly version: number;
  /** Indexes over its rows, as the option `indexes` of a store makes them over documents. */
  readonly indexes?: readonly RowIndex[];
}

/**
 * Rows that follow from a document's state.
 *
 * @typeParam S the state that it is given: `State<Order>`
 * @typeParam R a row
 * @typeParam Id the ids of documents, those of the stores that have it
 */
export interface StateProjection<S = never, R extends object = object, Id = string> extends Named {
  /**
   * The rows of a living document: one, a list, or none. Pure and synchronous; the state is frozen and of the
   * store's schema version.
   */
  readonly rows: (state: S, context: RowContext<Id>) => R | readonly R[] | undefined;
  readonly fold?: undefined;
}

/**
 * A row that follows from a document's events.
 *
 * @typeParam R the row
 * @typeParam Id the ids of documents, those of the stores that have it
 */
export interface EventProjection<R extends object = object, Id = string> extends Named {
  /**
   * The row after one more event, oldest first; undefined for none. Pure and synchronous; `row` is frozen, so a
   * new one is returned. A deleted document has no row; after a return it is folded anew from its first event.
   */
  readonly fold: (row: State<R> | undefined, event: DocumentEvent<Id>) => R | State<R> | undefined;
  readonly rows?: undefined;
}

/**
 * A projection: a named, versioned, pure function from one document to rows in a collection of its own. Rows are
 * kept after the view by every store that has it among its `projections`, and can be made anew by `rebuild`.
 */
export type Projection<S = never, R extends object = object, Id = string> =
  | StateProjection<S, R, Id>
  | EventProjection<R, Id>;

/** An event projection of whatever rows. */
export interface AnyEventProjection<Id = never> extends Named {
  /** Takes rows of its own form alone. */
  readonly fold: (row: never, event: DocumentEvent<Id>) => object | undefined;
  readonly rows?: undefined;
}

/**
 * A projection that a store of such states and ids can have, whatever its rows.
 *
 * @typeParam S the state that it is given: `State<Order>`
 * @typeParam Id the ids of documents
 */
export type ProjectionOf<S, Id> = StateProjection<S, object, Id> | AnyEventProjection<Id>;

/** Any projection, whatever its documents and rows. */
export type AnyProjection = ProjectionOf<never, never>;

/**
 * Checks a projection and gives it back, frozen.
 *
 * @throws OptionsError for one of the wrong form
 * @example
 * const lines = defineProjection({
 *   name: "lines",
 *   version: 1,
 *   rows: (order: State<Order>, { id }) => order.lines.map(({ sku, qty }) => ({ order: id, sku, qty })),
 *   indexes: [{ keys: { sku: 1 } }],
 * });
 */
export function defineProjection<S, R extends object, Id = string>(
  projection: StateProjection<S, R, Id>,
): StateProjection<S, R, Id>;
/** As above, for rows that follow from the events. */
export function defineProjection<R extends object, Id = string>(
  projection: EventProjection<R, Id>,
): EventProjection<R, Id>;
export function defineProjection(projection: AnyProjection): AnyProjection {
  checkProjection(projection);
  return Object.freeze({ ...projection });
}

const names: OptionNames<Named & Pick<StateProjection, "rows"> & Pick<EventProjection, "fold">> = {
  name: true,
  version: true,
  indexes: true,
  rows: true,
  fold: true,
};

/** Throws OptionsError unless a projection is of the documented form. */
export function checkProjection(projection: AnyProjection): void {
  if (typeof projection !== "object" || projection === null) throw wrong("it is an object");
  refuseUnknownOptions(projection, names, "defineProjection");
  const { name, version, rows, fold, indexes } = projection;
  if (typeof name !== "string" || !/^[A-Za-z][\w-]{0,39}$/.test(name))
    throw wrong("its name is a letter and up to 39 letters, digits, _ or -");
  if (!Number.isSafeInteger(version) || version < 1)
    throw wrong(`the version of ${name} is a whole number from 1`);
  const functions = [rows, fold].filter((one) => one !== undefined);
  if (functions.length !== 1 || typeof functions[0] !== "function")
    throw wrong(`${name} has either a function rows or a function fold`);
  checkIndexes(indexes, { option: "projections", owner: `the indexes of ${name}` });
}

function wrong(reason: string): OptionsError {
  return new OptionsError({ option: "projections", reason });
}

/** The name under which a storage keeps the rows of a version of a projection. */
export function rowsName(name: string, version: number): string {
  return `${name}.v${version}`;
}
