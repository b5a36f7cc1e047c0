/*
 * Changes between states for people, for any program that has two states or an event's patches: also a browser's page.
 * Loads no module of Node.
 */
import type { Change } from "./changes/change.ts";
import { changesBetween as between } from "./changes/changes-between.ts";
import { wordRuns } from "./changes/word-runs.ts";
import { type ValueType, valueTypes } from "./value/value-type.ts";

/**
 * The changes that lead from one state to another; undefined is the absence of a document. Elements of arrays are followed:
 * by their own `id`, `_id` or `key`; else by equal content, in order; else an element became another one at the same place.
 * Takes states as stores hand them out, or plain ones that JSON or code made; `valueTypes` are the kinds of values that a
 * storage adds to those of JavaScript. The order is that of the earlier state's fields, then of the later one's new ones.
 *
 * @example
 * const changes = changesBetween({ lines: [{ id: "A", qty: 1 }] }, { lines: [{ id: "A", qty: 2 }] });
 * console.log(formatChanges(changes)); // ~ lines › A › qty: 1 → 2
 */
export function changesBetween(
  before: object | undefined,
  after: object | undefined,
  options: { readonly valueTypes?: readonly ValueType[] } = {},
): readonly Change[] {
  return between(before, after, valueTypes(options.valueTypes ?? []), wordRuns);
}

export type { Change, TextRun } from "./changes/change.ts";
export { type FormatOptions, formatChanges, formatPath } from "./changes/format-changes.ts";
export { type JsonPatchOperation, toJsonPatch } from "./changes/json-patch.ts";
export type { Patch } from "./model/patch.ts";
export type { Path } from "./value/path.ts";
