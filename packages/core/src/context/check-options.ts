import { OptionsError } from "../errors/options-error.ts";
import { checkIndexes, checkLogIndexes } from "../projection/check-indexes.ts";
import { checkProjection } from "../projection/define-projection.ts";
import { normalise } from "../value/normalise.ts";
import { isCount, isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { type CallName, refuseUnknownOf, refuseUnknownOfStore } from "./option-names.ts";
import type { CallOptions, StoreOptions, WriteOptions } from "./options.ts";

/** Says that an option is not of the documented form. */
export function optionsError(option: string, reason: string): OptionsError {
  return new OptionsError({ option, reason });
}

function refuseUnless(holds: boolean, option: string, reason: string): void {
  if (!holds) throw optionsError(option, reason);
}

const isText = (value: unknown): boolean => typeof value === "string" && !/\p{Surrogate}/u.test(value);

/** Throws OptionsError unless the options of a call are those that it has, and those of every call of the documented form. */
export function checkOptionsOf(callName: CallName, options: CallOptions | undefined): void {
  checkCallOptions(options);
  refuseUnknownOf(callName, options);
}

/** Throws OptionsError unless the options of any call are of the documented form. */
export function checkCallOptions(options: CallOptions | undefined): void {
  if (options === undefined) return;
  refuseUnless(typeof options === "object" && options !== null, "options", "it is an object");
  const { timeoutMs, signal } = options;
  const isTime =
    timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1);
  refuseUnless(isTime, "timeoutMs", "it is a number of milliseconds above 0");
  refuseUnless(signal === undefined || isSignal(signal), "signal", "it is an AbortSignal");
}

/** Whether a value is an AbortSignal, of whichever realm. Only the members that the library uses are checked. */
function isSignal(signal: Partial<AbortSignal> | null): boolean {
  return (
    typeof signal?.aborted === "boolean" &&
    typeof signal.throwIfAborted === "function" &&
    typeof signal.addEventListener === "function"
  );
}

/** The limit of a listing, where one is given. Throws OptionsError. */
export function checkCount(limit: unknown, option = "limit"): void {
  refuseUnless(limit === undefined || isCount(limit), option, "it is a whole number from 0");
}

/** Throws OptionsError unless a page of a list is asked for so. */
export function checkPageOptions(options: unknown): void {
  refuseUnless(
    typeof options === "object" && options !== null,
    "options",
    "it is an object with the limit of the page",
  );
  refuseUnknownOf("page", options);
  const { limit, cursor } = options as { readonly limit?: unknown; readonly cursor?: unknown };
  refuseUnless(isCount(limit) && limit !== 0, "limit", "it is a whole number from 1");
  refuseUnless(
    cursor === undefined || typeof cursor === "string",
    "cursor",
    "it is the next of the page before",
  );
}

/** Throws OptionsError unless `onNewer` is a known choice for documents of a newer schema. */
export function checkOnNewer(onNewer: unknown): void {
  const isKnown = onNewer === undefined || onNewer === "skip" || onNewer === "refuse";
  refuseUnless(isKnown, "onNewer", 'it is "skip" or "refuse"');
}

/** Throws OptionsError unless `deleted` is a known choice for deleted documents. */
export function checkDeleted(deleted: unknown): void {
  const isKnown = deleted === undefined || deleted === "only" || deleted === "include";
  refuseUnless(isKnown, "deleted", 'it is "only" or "include"');
}

const maxKeyLength = 1_024;

/** Throws OptionsError unless an option that is on or off is true, false or left out. */
export function checkFlag(flag: unknown, option: string): void {
  refuseUnless(flag === undefined || typeof flag === "boolean", option, "it is true or false");
}

/** Throws OptionsError or ValueError unless reason and meta of an event are of the documented form; gives the checked meta. */
export function checkReasonAndMeta(
  reason: unknown,
  meta: unknown,
  types: ValueTypes,
): PlainObject | undefined {
  refuseUnless(reason === undefined || isText(reason), "reason", "it is a text");
  if (meta === undefined) return undefined;
  if (!isPlain(meta)) throw optionsError("meta", "it is a plain object");
  return normalise(meta, types);
}

/**
 * Throws OptionsError or ValueError unless the options that writes alone have are of the documented form; gives the
 * checked meta.
 */
export function checkWriteOptions(options: WriteOptions, types: ValueTypes): PlainObject | undefined {
  const { reason, meta, key, expectedVersion, retries, acceptFutureHead } = options;
  const isKey = key === undefined || (isText(key) && key.length > 0 && key.length <= maxKeyLength);
  refuseUnless(isKey, "key", `it is a text of 1 to ${maxKeyLength} characters`);
  const isVersion = expectedVersion === undefined || isCount(expectedVersion);
  refuseUnless(isVersion, "expectedVersion", "it is a version, or 0 for a document that does not exist yet");
  checkCount(retries, "retries");
  checkFlag(acceptFutureHead, "acceptFutureHead");
  return checkReasonAndMeta(reason, meta, types);
}

/** Throws OptionsError unless a store can be made so. */
export function checkStoreOptions(options: StoreOptions<never, never>): void {
  refuseUnless(typeof options === "object" && options !== null, "options", "it is an object");
  refuseUnknownOfStore(options);
  const { collection, storage, clock, cache, limits, onNotice, projections } = options;
  checkFlag(options.sweep, "sweep");
  const named =
    isText(collection) && collection.length >= 1 && collection.length <= 100 && !collection.includes("\0");
  refuseUnless(named, "collection", "it is a text of 1 to 100 characters");
  refuseUnless(
    typeof storage?.open === "function",
    "storage",
    "it is a storage, such as memoryStorage() gives",
  );
  refuseUnless(
    clock === undefined || typeof clock === "function",
    "clock",
    "it is a function that gives milliseconds",
  );
  refuseUnless(onNotice === undefined || typeof onNotice === "function", "onNotice", "it is a function");
  refuseUnless(cache === undefined || isCount(cache?.maxBytes), "cache", "maxBytes is a whole number from 0");
  refuseUnless(
    limits === undefined || (typeof limits === "object" && limits !== null),
    "limits",
    "it is an object with eventBytes and stateBytes, whole numbers",
  );
  refuseUnless(
    limits?.eventBytes === undefined || isCount(limits.eventBytes),
    "limits",
    "eventBytes is a whole number",
  );
  refuseUnless(
    limits?.stateBytes === undefined || isCount(limits.stateBytes),
    "limits",
    "stateBytes is a whole number",
  );
  refuseUnless(projections === undefined || Array.isArray(projections), "projections", "it is a list");
  for (const projection of projections ?? []) checkProjection(projection);
  checkIndexes(options.indexes, { option: "indexes", owner: "the indexes" });
  checkLogIndexes(options.logIndexes);
  const names = (projections ?? []).map(({ name }) => name);
  refuseUnless(new Set(names).size === names.length, "projections", "each name is there once");
}
