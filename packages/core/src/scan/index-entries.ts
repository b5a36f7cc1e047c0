import { hasOwn, isPlain, type PlainObject } from "../value/value.ts";
import { valuesAt } from "./filter-evaluator.ts";
import { aboveAll, noValue, sortKey } from "./sort-key.ts";

/**
 * How much the entries of an index say of its documents, each shape less than the one before:
 *
 * - `single`: each document has one entry, and its keys are the whole values. So the index is the order of a sort, and its
 *   ranges are the answer.
 * - `several`: some have one for each element of a list, or keys that are cut off. So ranges leave candidates.
 * - `outside`: some have too many entries, and one in place of them, which is a candidate in every range.
 */
export type IndexShape = "single" | "several" | "outside";

const shapes: readonly IndexShape[] = ["single", "several", "outside"];

/** The one of two shapes that says less. */
export function looser(a: IndexShape, b: IndexShape): IndexShape {
  return shapes.indexOf(a) > shapes.indexOf(b) ? a : b;
}

/** The entries of a document in an index. */
export interface IndexEntries {
  /** For each entry the keys of the fields, in their order. */
  readonly entries: readonly (readonly Uint8Array[])[];
  readonly shape: IndexShape;
}

/** The most entries that a document has in an index. */
const mostEntries = 1_000;

/** The entry of a document that has too many, or that cannot be read. */
export function outsideEntry(paths: readonly string[]): IndexEntries {
  return { entries: [paths.map(() => aboveAll)], shape: "outside" };
}

/** The entries of a state in an index over these paths: one for each combination of the values that conditions on them test. */
export function entriesOf(state: PlainObject, paths: readonly string[]): IndexEntries {
  const fields = paths.map((path) => keysAt(state, path));
  const count = fields.reduce((product, { keys }) => product * keys.length, 1);
  if (count > mostEntries) return outsideEntry(paths);
  let entries: readonly (readonly Uint8Array[])[] = [[]];
  for (const { keys } of fields) entries = entries.flatMap((entry) => keys.map((key) => [...entry, key]));
  return { entries, shape: fields.every(({ single }) => single) ? "single" : "several" };
}

interface FieldKeys {
  readonly keys: readonly Uint8Array[];
  readonly single: boolean;
}

function keysAt(state: PlainObject, path: string): FieldKeys {
  const plain = plainValue(state, path.split("."));
  if (plain !== undefined) {
    const { bytes, whole } = sortKey(plain.value);
    return { keys: [bytes], single: whole || isPlain(plain.value) };
  }
  const keys = new Map<string, Uint8Array>();
  for (const value of valuesAt(state, path)) {
    const { bytes } = sortKey(value);
    keys.set(Buffer.from(bytes).toString("latin1"), bytes);
    if (keys.size > mostEntries) break;
  }
  return { keys: keys.size === 0 ? [noValue] : [...keys.values()], single: false };
}

/** The value at a path that no list is on; undefined where one is on it or at its end. */
function plainValue(state: PlainObject, steps: readonly string[]): { readonly value: unknown } | undefined {
  let value: unknown = state;
  for (const step of steps) {
    if (Array.isArray(value)) return undefined;
    if (!isPlain(value) || !hasOwn(value, step)) return { value: undefined };
    value = value[step];
  }
  return Array.isArray(value) ? undefined : { value };
}
