import type { IdKind } from "../model/document-id.ts";
import type { ValueType } from "../model/value-type.ts";

/**
 * What a storage can do, and what the library does where it cannot. Sizes are bytes of the canonical
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
   * Whether an event and its view are stored together or not at all. Where not, the view is written after the
   * event, and the library brings views forward that a crash in between left behind.
   */
  readonly atomic: boolean;
  /**
   * Whether finds with a filter or a sort read all views and rows, because the engine cannot answer them
   * (`findByScan`). A long find of a store then reads them itself, once for many pages. Default false.
   */
  readonly scans?: boolean;
  /** The largest event it stores, whatever view comes with it: less than the engine's limit, by what ids and indexes take. */
  readonly eventBytes: number;
  /** The largest state it stores, as a view and as a snapshot. */
  readonly stateBytes: number;
}
