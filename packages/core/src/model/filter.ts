import { FilterError } from "../errors/filter-error.ts";
import { copyLeaf, isPlain, type PlainObject } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

type Leaf = string | number | boolean | null | undefined | Date | Uint8Array;
type Element<V> = V extends readonly (infer E)[] ? E : never;
type Deeper<D extends number> = [never, 0, 1, 2][D];

/**
 * The dotted paths of a type, three fields deep; elements of arrays are reached by their fields or by their
 * index.
 */
export type FieldPath<T, Depth extends number = 3> = Depth extends 0
  ? never
  : T extends Leaf
    ? never
    : T extends readonly (infer E)[]
      ? FieldPath<E, Depth> | `${number}` | `${number}.${FieldPath<E, Depth>}`
      : T extends object
        ? { [K in keyof T & string]: K | `${K}.${FieldPath<NonNullable<T[K]>, Deeper<Depth>>}` }[keyof T &
            string]
        : never;

/** The type of the value at a dotted path; of an array's elements where the path leads through one. */
export type ValueAt<T, P extends string> = T extends readonly (infer E)[]
  ? P extends `${number}`
    ? E
    : P extends `${number}.${infer Rest}`
      ? ValueAt<E, Rest>
      : ValueAt<E, P>
  : P extends keyof T
    ? T[P]
    : P extends `${infer K}.${infer Rest}`
      ? K extends keyof T
        ? ValueAt<NonNullable<T[K]>, Rest>
        : never
      : never;

/**
 * What a value may be compared with: itself, or an element where it is an array; never a whole object. Of a field
 * whose type says nothing (`Record<string, unknown>`), with anything: then only the call checks.
 */
type Operand<V> = unknown extends V ? unknown : KnownOperand<V>;
type KnownOperand<V> =
  | Extract<V, Leaf>
  | Extract<Element<NonNullable<V>>, Leaf>
  | Extract<V, readonly unknown[]>
  | AdapterValue<V>
  | null;
type AdapterValue<V> = V extends Leaf | readonly unknown[]
  ? never
  : V extends { readonly _bsontype: string }
    ? V
    : never;

/**
 * The operators of a condition on a field. A condition on an array holds where it holds for the array or for
 * one of its elements.
 */
export interface Operators<V> {
  /** Equal; null also matches a missing field. */
  readonly $eq?: Operand<V>;
  /** Not equal. */
  readonly $ne?: Operand<V>;
  /** Greater, among values of the same kind. */
  readonly $gt?: Operand<V>;
  /** Greater or equal. */
  readonly $gte?: Operand<V>;
  /** Less. */
  readonly $lt?: Operand<V>;
  /** Less or equal. */
  readonly $lte?: Operand<V>;
  /** Equal to one of these. */
  readonly $in?: readonly Operand<V>[];
  /** Equal to none of these. */
  readonly $nin?: readonly Operand<V>[];
  /** Whether the field is there. */
  readonly $exists?: boolean;
  /** Not so. */
  readonly $not?: Operators<V>;
  /** One element meets all of this. */
  readonly $elemMatch?: Element<NonNullable<V>> extends Leaf
    ? Operators<Element<NonNullable<V>>>
    : Filter<Element<NonNullable<V>>>;
  /** An array of this length. */
  readonly $size?: number;
  /** An array with all of these. */
  readonly $all?: readonly Operand<V>[];
  /** A text that this matches; flags i, m and s. */
  readonly $regex?: string | RegExp;
  /** Flags for `$regex` where it is a text. */
  readonly $options?: string;
}

/**
 * A condition on documents, in MongoDB's form: the part of its language that every storage answers alike.
 * `_id` is the document's id. Anything else, and equality with a whole object, is a FilterError.
 */
export type Filter<T> = {
  readonly [P in FieldPath<T>]?: Operand<ValueAt<T, P>> | Operators<ValueAt<T, P>>;
} & {
  /** The document's id. */
  readonly _id?: unknown;
  /** All of these. */
  readonly $and?: readonly Filter<T>[];
  /** One of these. */
  readonly $or?: readonly Filter<T>[];
  /** None of these. */
  readonly $nor?: readonly Filter<T>[];
};

declare const checked: unique symbol;
/** A filter within the subset, with texts and flags in place of RegExp objects. */
export type CheckedFilter = PlainObject & { readonly [checked]?: true };

const compared = new Set(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"]);
const ordered = new Set(["$gt", "$gte", "$lt", "$lte"]);
const listed = new Set(["$in", "$nin", "$all"]);

function refuse(path: string, reason: string): never {
  const message = `This filter cannot be used: ${path === "" ? "" : `at ${JSON.stringify(path)}, `}${reason}. docs/filters.md lists what every storage answers alike.`;
  throw new FilterError(message, { path, reason });
}

/** The filter in the form that adapters get. Throws FilterError for anything outside the subset. */
export function checkFilter(filter: unknown, types: ValueTypes): CheckedFilter {
  return checkClauses(filter, "", types);
}

function checkClauses(filter: unknown, path: string, types: ValueTypes): CheckedFilter {
  if (!isPlain(filter)) refuse(path, "a filter is a plain object");
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined) refuse(key, "its condition is undefined; leave it out, or use null or $exists");
    if (key === "$and" || key === "$or" || key === "$nor") {
      if (!Array.isArray(value) || value.length === 0) refuse(key, "it takes a list of filters");
      result[key] = value.map((part) => checkClauses(part, key, types));
    } else {
      checkPath(key);
      result[key] = checkCondition(value, key, types);
    }
  }
  return Object.freeze(result);
}

/** Throws FilterError unless the text is a dotted path of fields. */
export function checkPath(path: string): void {
  if (path.startsWith("$")) refuse(path, "the operator is not among those that every storage answers alike");
  const steps = path.split(".");
  if (steps.some((step) => step === ""))
    refuse(path, "a path is names joined by dots; a name cannot be empty");
  if (steps.some((step) => step.startsWith("$") || step.includes("\0")))
    refuse(path, "a name in it cannot be asked for");
  if (steps.some((step) => step === "__proto__")) refuse(path, "__proto__ is never a field");
  if (steps[0] === "_everdraft") refuse(path, "the library's own facts have calls of their own");
}

function isOperators(value: unknown): value is PlainObject {
  return isPlain(value) && Object.keys(value).some((key) => key.startsWith("$"));
}

function checkCondition(value: unknown, path: string, types: ValueTypes): unknown {
  if (value instanceof RegExp) return checkRegex(value, undefined, path);
  if (!isOperators(value)) return Object.freeze({ $eq: checkOperand(value, path, types) });
  return checkOperators(value, path, types);
}

function checkOperators(operators: PlainObject, path: string, types: ValueTypes): PlainObject {
  const result: Record<string, unknown> = {};
  for (const [operator, operand] of Object.entries(operators)) {
    if (operator === "$regex") Object.assign(result, checkRegex(operand, operators.$options, path));
    else if (operator !== "$options") result[operator] = checkOperator(operator, operand, path, types);
    else if (operators.$regex === undefined) refuse(path, "$options belongs to a $regex");
  }
  return Object.freeze(result);
}

function checkOperator(operator: string, operand: unknown, path: string, types: ValueTypes): unknown {
  if (ordered.has(operator)) return checkOrdered(operand, operator, path, types);
  if (compared.has(operator)) return checkOperand(operand, path, types);
  if (listed.has(operator)) {
    if (!Array.isArray(operand)) refuse(path, `${operator} takes a list`);
    return operand.map((item) => checkOperand(item, path, types));
  }
  switch (operator) {
    case "$exists":
      return typeof operand === "boolean" ? operand : refuse(path, "$exists takes true or false");
    case "$size":
      return Number.isSafeInteger(operand) && (operand as number) >= 0
        ? operand
        : refuse(path, "$size takes a length");
    case "$not":
      if (operand instanceof RegExp) return checkRegex(operand, undefined, path);
      return isOperators(operand)
        ? checkOperators(operand, path, types)
        : refuse(path, "$not takes operators");
    case "$elemMatch":
      if (isOperators(operand) && !("$and" in operand || "$or" in operand || "$nor" in operand)) {
        return checkOperators(operand, path, types);
      }
      return checkClauses(operand, path, types);
  }
  return refuse(
    path,
    `the operator ${JSON.stringify(operator)} is not among those that every storage answers alike`,
  );
}

function checkOperand(value: unknown, path: string, types: ValueTypes): unknown {
  if (isPlain(value))
    refuse(path, "equality with a whole object depends on the order of its keys; compare its fields");
  if (Array.isArray(value)) return value.map((item) => checkOperand(item, path, types));
  if (value === null || ["string", "number", "boolean"].includes(typeof value))
    return value === 0 ? 0 : value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  // a copy, so that it is of the storage's own classes, and stays what it is while a list is read
  if (value instanceof Uint8Array || (typeof value === "object" && types.of(value) !== undefined))
    return copyLeaf(value, types);
  return refuse(path, "the value is of a kind that no document holds");
}

function checkOrdered(value: unknown, operator: string, path: string, types: ValueTypes): unknown {
  if (value === null || Array.isArray(value) || value instanceof Uint8Array) {
    refuse(path, `${operator} takes a text, a number, a date or a boolean`);
  }
  return checkOperand(value, path, types);
}

function checkRegex(pattern: unknown, options: unknown, path: string): PlainObject {
  if (options !== undefined && typeof options !== "string") refuse(path, "$options takes flags as a text");
  const source = pattern instanceof RegExp ? pattern.source : pattern;
  if (typeof source !== "string") refuse(path, "$regex takes a text or a RegExp");
  const flags = options ?? (pattern instanceof RegExp ? pattern.flags : "");
  if (!/^[ims]*$/.test(flags)) refuse(path, "only the flags i, m and s mean the same in every storage");
  try {
    new RegExp(source, flags);
  } catch {
    refuse(path, "the pattern is no regular expression");
  }
  return Object.freeze({ $regex: source, $options: flags });
}
