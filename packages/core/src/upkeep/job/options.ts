import { checkCallOptions, checkCount, optionsError } from "../../context/check-options.ts";
import type { CallOptions } from "../../context/options.ts";
import type { Signal } from "../../port/call.ts";
import { type OptionNames, refuseUnknownOptions } from "../../value/known-options.ts";
import type { Progress } from "./progress.ts";

/** The options of all long work over a store. */
export interface LongWorkOptions extends CallOptions {
  /** How many ranges of documents this process works on at once. Default 4. */
  readonly concurrency?: number;
  /** How many documents a range has; memory holds at most `concurrency` ranges. Default 100. */
  readonly rangeSize?: number;
  /**
   * The name under which the work is remembered. Who uses the same at the same time shares the work, in one process or
   * in many; who uses it after a break goes on.
   */
  readonly checkpoint?: string;
  /** Finishes the ranges in hand, saves, and ends with `complete: false`. */
  readonly signal?: Signal;
  /** How long each single read or write may take, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Hears how far the work is, at the beginning and after each range. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A document that long work skipped. */
export interface SkippedDocument<Id = unknown> {
  /** The document. */
  readonly id: Id;
  /** The stable code of its fault. */
  readonly code: string;
  /** Its fault and the remedy, in words. */
  readonly message: string;
  /** The error of the projection or of the store's migration, as it is, where that threw; else the error beneath, if any. */
  readonly cause: unknown;
}

/** The names of the options of all long work. */
export const longWorkNames: OptionNames<LongWorkOptions> = {
  concurrency: true,
  rangeSize: true,
  checkpoint: true,
  signal: true,
  timeoutMs: true,
  onProgress: true,
};

/** Throws OptionsError unless the options of long work are known, and of the documented form. */
export function checkLongWork<O extends LongWorkOptions>(
  callName: string,
  options: O,
  names: OptionNames<O>,
): void {
  if (options === undefined) throw optionsError("options", "it is an object");
  checkCallOptions(options);
  refuseUnknownOptions(options, names, callName);
  const { concurrency, rangeSize, checkpoint, onProgress } = options;
  for (const [name, value] of Object.entries({ concurrency, rangeSize })) {
    checkCount(value, name);
    if (value === 0) throw optionsError(name, "it is a whole number from 1");
  }
  if (checkpoint !== undefined && (typeof checkpoint !== "string" || checkpoint === ""))
    throw optionsError("checkpoint", "it is a text");
  if (onProgress !== undefined && typeof onProgress !== "function")
    throw optionsError("onProgress", "it is a function");
}

export const defaults: { readonly concurrency: number; readonly rangeSize: number } = {
  concurrency: 4,
  rangeSize: 100,
};
