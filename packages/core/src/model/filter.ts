import { types as nodeTypes } from "node:util";
import { FilterError } from "../errors/filter-error.ts";
import { copyLeaf, isBytes, isCount, isPlain, type PlainObject, timeOf } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";

declare const checked: unique symbol;
/** A filter within the subset, with texts and flags in place of RegExp objects. */
export type CheckedFilter = PlainObject & { readonly [checked]?: true };

const compared = new Set(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"]);
const ordered = new Set(["$gt", "$gte", "$lt", "$lte"]);
const listed = new Set(["$in", "$nin", "$all"]);

function refuse(path: string, reason: string): never {
  throw new FilterError({ path, reason, part: "filter" });
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
  if (path.startsWith("$"))
    refuse(
      path,
      "a name that begins with $ stands for an operator at the top, and this is none of those that every storage answers alike. A field of that name is stored and given back, but cannot be asked for: ask for another one, or look at the documents found",
    );
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
  if (isRegExp(value)) return checkRegex(value, undefined, path);
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
      return isCount(operand) ? operand : refuse(path, "$size takes a length");
    case "$not":
      if (isRegExp(operand)) return checkRegex(operand, undefined, path);
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
  // copies, which the caller cannot change while pages are read, and which are of this realm
  const time = timeOf(value);
  if (time === undefined ? isBytes(value) || isOfType(value, types) : !Number.isNaN(time))
    return copyLeaf(value, types);
  return refuse(path, "the value is of a kind that no document holds");
}

function isOfType(value: unknown, types: ValueTypes): boolean {
  return typeof value === "object" && value !== null && types.of(value) !== undefined;
}

function isRegExp(value: unknown): value is RegExp {
  return nodeTypes.isRegExp(value);
}

function checkOrdered(value: unknown, operator: string, path: string, types: ValueTypes): unknown {
  if (value === null || Array.isArray(value) || isBytes(value)) {
    refuse(path, `${operator} takes a text, a number, a date or a boolean`);
  }
  return checkOperand(value, path, types);
}

function checkRegex(pattern: unknown, options: unknown, path: string): PlainObject {
  if (options !== undefined && typeof options !== "string") refuse(path, "$options takes flags as a text");
  const source = isRegExp(pattern) ? pattern.source : pattern;
  if (typeof source !== "string") refuse(path, "$regex takes a text or a RegExp");
  const flags = options ?? (isRegExp(pattern) ? pattern.flags : "");
  if (!/^[ims]*$/.test(flags)) refuse(path, "only the flags i, m and s mean the same in every storage");
  try {
    new RegExp(source, flags);
  } catch {
    refuse(path, "the pattern is no regular expression");
  }
  return Object.freeze({ $regex: source, $options: flags });
}
