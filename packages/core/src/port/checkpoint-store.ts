import type { PlainObject } from "../value/value.ts";
import type { Call } from "./call.ts";

/** A record that several processes change, each on the revision that it has read. Revisions count from 1. */
export interface Revised extends PlainObject {
  readonly revision: number;
}

/** Small named records by which long work goes on where it stopped. */
export interface CheckpointStore {
  /** The record of this name; undefined too where it cannot be read. */
  get(name: string, call: Call): Promise<PlainObject | undefined>;
  /** Writes the record of this name. */
  put(name: string, value: PlainObject, call: Call): Promise<void>;
  /**
   * Writes a record only over the revision before its own (the first one only where there is none, or none with
   * a revision). Whether it was written; of several at once one is.
   */
  swap(name: string, value: Revised, call: Call): Promise<boolean>;
  /** The records whose names begin so, in the order of names (UTF-8), behind `after`, at most `limit`. */
  list(
    prefix: string,
    page: { after?: string; limit: number },
    call: Call,
  ): Promise<readonly { readonly name: string; readonly value: PlainObject }[]>;
  /** Takes a record away, where there is one. */
  remove(name: string, call: Call): Promise<void>;
}
