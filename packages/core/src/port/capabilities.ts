import type { IdKind } from "../model/document-id.ts";
import type { ValueOrder } from "../model/sort-order.ts";
import type { ValueType } from "../value/value-type.ts";

/**
 * The abilities of a storage, and how the library makes up for those that it lacks. Sizes are bytes of the canonical
 * encoding.
 */
export interface Capabilities {
  /**
   * The kinds of id that documents and users may have, in the order in which scans go through them. Strings
   * are always among them.
   */
  readonly idKinds: readonly IdKind[];
  /** The kinds of value stored beside the plain ones. None: such values are refused with their path. */
  readonly valueTypes: readonly ValueType[];
  /**
   * How its engine orders values, where it orders those of `valueTypes` otherwise than by their texts: the library uses
   * this order where it sorts and compares by itself. Default: the plain order.
   */
  readonly valueOrder?: ValueOrder;
  /**
   * Whether an event and its view are stored together or not at all. Where not, the view is written after the
   * event, and the library brings views forward that a crash in between left behind.
   */
  readonly atomic: boolean;
  /**
   * Whether it writes the rows of projections in the transaction of their event (`Append.rows`). Where not, the library
   * writes them after it. Default false.
   */
  readonly rowsWithEvents?: boolean;
  /**
   * Whether finds with a filter or a sort read all views and rows, because the engine cannot answer them
   * (`findByScan`). A long find of a store then reads them itself, once for many pages. Default false.
   */
  readonly scans?: boolean;
  /** The largest event it stores, whatever view comes with it: the engine's limit, less the room for ids and indexes. */
  readonly eventBytes: number;
  /** The largest state it stores, as a view and as a snapshot. */
  readonly stateBytes: number;
}
