import type { PlainObject } from "../model/value.ts";
import type { Call } from "./call.ts";

/** Small named records by which long work goes on where it stopped. */
export interface CheckpointStore {
  /** The record of this name. */
  get(name: string, call: Call): Promise<PlainObject | undefined>;
  /** Writes the record of this name. */
  put(name: string, value: PlainObject, call: Call): Promise<void>;
}
