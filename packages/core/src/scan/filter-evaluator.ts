import type { DocumentId } from "../model/document-id.ts";
import type { CheckedFilter } from "../model/filter.ts";
import { plainOrder, type ValueOrder } from "../model/sort-order.ts";
import {
  hasOwn,
  isBytes,
  isContainer,
  isDate,
  isPlain,
  type PlainObject,
  sameValue,
} from "../value/value.ts";
import { valueTypes } from "../value/value-type.ts";

/** Whether a document with this id and state meets the filter that the matcher was made from. */
export type Matcher = (id: DocumentId, state: PlainObject) => boolean;

/** Tests the values at the end of a path in a value. `spread`: an array there also answers by its elements. */
type Condition = (value: unknown, steps: readonly string[], spread: boolean) => boolean;
type Test = (found: unknown) => boolean;

/**
 * Makes a matcher for storages that cannot ask their engine. It gives MongoDB's answers, which the
 * conformance kit lists operator by operator. (mingo gave others in a quarter of that list: for NaN, arrays
 * in arrays, texts beyond U+FFFF, `$all` and paths through arrays.)
 */
export function createMatcher(filter: CheckedFilter, order: ValueOrder = plainOrder): Matcher {
  const meets = clauses(filter, order);
  return asksForId(filter) ? (id, state) => meets({ ...state, _id: id }) : (_, state) => meets(state);
}

function asksForId(filter: PlainObject): boolean {
  return Object.entries(filter).some(
    ([key, value]) =>
      key === "_id" ||
      key.startsWith("_id.") ||
      (key.startsWith("$") && Array.isArray(value) && value.some(asksForId)),
  );
}

function clauses(filter: PlainObject, order: ValueOrder): Test {
  const tests = Object.entries(filter).map(([key, value]): Test => {
    if (key === "$and" || key === "$or" || key === "$nor") {
      const parts = (value as readonly PlainObject[]).map((part) => clauses(part, order));
      if (key === "$and") return (document) => parts.every((meets) => meets(document));
      return (document) => parts.some((meets) => meets(document)) === (key === "$or");
    }
    const holds = operators(value as PlainObject, order);
    const steps = key.split(".");
    return (document) => holds(document, steps, true);
  });
  return (document) => tests.every((meets) => meets(document));
}

function operators(asked: PlainObject, order: ValueOrder): Condition {
  const conditions = Object.keys(asked)
    .filter((name) => name !== "$options")
    .map((name) => operator(name, asked[name], asked.$options, order));
  return (value, steps, spread) => conditions.every((holds) => holds(value, steps, spread));
}

function operator(name: string, operand: unknown, flags: unknown, order: ValueOrder): Condition {
  const isEqual = (found: unknown, one: unknown): boolean => equal(found, one, order);
  const compared = (found: unknown): number | undefined => comparison(found, operand, order);
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [];
  switch (name) {
    case "$ne":
      return not(any((found) => isEqual(found, operand)));
    case "$in":
      return any(equalToAny(list, order));
    case "$nin":
      return not(any(equalToAny(list, order)));
    case "$gt":
      return any((found) => (compared(found) ?? 0) > 0);
    case "$gte":
      return any((found) => isEqual(found, operand) || (compared(found) ?? 0) > 0);
    case "$lt":
      return any((found) => (compared(found) ?? 0) < 0);
    case "$lte":
      return any((found) => isEqual(found, operand) || (compared(found) ?? 0) < 0);
    case "$all": {
      const all = list.map((one) => any((found) => isEqual(found, one)));
      return (value, steps, spread) => all.length > 0 && all.every((holds) => holds(value, steps, spread));
    }
    case "$exists":
      return operand === true ? whole(isThere) : not(whole(isThere));
    case "$size":
      return whole((found) => Array.isArray(found) && found.length === operand);
    case "$not":
      return not(operators(operand as PlainObject, order));
    case "$elemMatch": {
      const meets = elementTest(operand as PlainObject, order);
      return whole((found) => Array.isArray(found) && found.some(meets));
    }
    case "$regex": {
      const pattern = new RegExp(String(operand), flags === undefined ? "" : String(flags));
      return any((found) => typeof found === "string" && pattern.test(found));
    }
  }
  return any((found) => isEqual(found, operand));
}

/**
 * The test of one element by `$elemMatch`: operators of the element itself, clauses of its fields (an array's are its
 * indexes).
 */
function elementTest(asked: PlainObject, order: ValueOrder): Test {
  const isOperators = Object.keys(asked).some(
    (key) => key.startsWith("$") && !["$and", "$or", "$nor"].includes(key),
  );
  if (isOperators) {
    const holds = operators(asked, order);
    return (element) => holds(element, [], false);
  }
  const meets = clauses(asked, order);
  return (element) => isContainer(element) && meets({ ...element });
}

function not(condition: Condition): Condition {
  return (value, steps, spread) => !condition(value, steps, spread);
}

/** Holds where the value found, or an element of an array found, passes the test. */
function any(test: Test): Condition {
  const passes: Asked["passes"] = (found, elements) =>
    test(found) || (elements && Array.isArray(found) && found.some(test));
  return (value, steps, spread) => leads(value, { steps, spread, passes });
}

function whole(test: Test): Condition {
  return (value, steps, spread) => leads(value, { steps, spread, passes: test });
}

/** The test of the value at the end of a path, and whether an array there also answers by its elements. */
interface Asked {
  readonly steps: readonly string[];
  readonly spread: boolean;
  readonly passes: (found: unknown, elements: boolean) => boolean;
}

/**
 * Whether a path leads to something that passes: through all objects of an array, and by an index to one
 * element. A missing field is undefined.
 */
function leads(value: unknown, asked: Asked, depth = 0): boolean {
  const { steps, spread, passes } = asked;
  const step = steps[depth];
  if (step === undefined) return passes(value, spread);
  if (!Array.isArray(value)) {
    if (!isPlain(value) || !hasOwn(value, step)) return passes(undefined, false);
    return leads(value[step], asked, depth + 1);
  }
  if (/^\d+$/.test(step) && hasOwn(value, step)) {
    const element: unknown = value[Number(step)];
    // an element that is reached by its index answers for itself alone
    if (
      depth + 1 === steps.length
        ? passes(element, false)
        : isContainer(element) && leads(element, asked, depth + 1)
    ) {
      return true;
    }
  }
  return value.some((item) => isPlain(item) && leads(item, asked, depth));
}

/**
 * All values that a condition on a dotted path tests one by one: the values at its end, and the elements of lists there. A
 * missing field is undefined; a path through an empty list leads to none.
 */
export function valuesAt(state: unknown, path: string): readonly unknown[] {
  const found: unknown[] = [];
  const passes: Asked["passes"] = (value, elements) => {
    found.push(value, ...(elements && Array.isArray(value) ? value : []));
    return false;
  };
  leads(state, { steps: path.split("."), spread: true, passes });
  return found;
}

// adapter values, of types that are not known here, are compared as sorts do
const plainTypes = valueTypes([]);

function equal(found: unknown, operand: unknown, order: ValueOrder): boolean {
  if (operand === null) return found === null || found === undefined;
  return (
    sameValue(found, operand, plainTypes) ||
    ((isOpaque(found) || isOpaque(operand)) && comparison(found, operand, order) === 0)
  );
}

/** Whether a value equals one of a list. Texts and numbers are looked up, so a long list of ids costs no more than a short one. */
function equalToAny(list: readonly unknown[], order: ValueOrder): Test {
  const isKey = (one: unknown): boolean => typeof one === "string" || typeof one === "number";
  const keys = new Set(list.filter(isKey));
  const others = list.filter((one) => !isKey(one));
  return (found) => {
    // a value of an adapter's own may be equal to a number
    const compared = isOpaque(found) ? list : others;
    return keys.has(found) || compared.some((one) => equal(found, one, order));
  };
}

/** How a found value compares with an operand; undefined where the two are of different kinds. */
function comparison(found: unknown, operand: unknown, { compare, sameKind }: ValueOrder): number | undefined {
  if (found === undefined || !sameKind(found, operand)) return undefined;
  return Number.isNaN(found) || Number.isNaN(operand) ? undefined : compare(found, operand);
}

function isOpaque(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !isContainer(value) && !(isDate(value) || isBytes(value))
  );
}

function isThere(found: unknown): boolean {
  return found !== undefined;
}
