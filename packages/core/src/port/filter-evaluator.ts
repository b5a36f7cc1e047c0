import type { DocumentId } from "../model/document-id.ts";
import type { CheckedFilter } from "../model/filter.ts";
import { hasOwn, isPlain, type PlainObject } from "../model/value.ts";

/** Whether a document with this id and state meets the filter that the matcher was made from. */
export type Matcher = (id: DocumentId, state: PlainObject) => boolean;

type Predicate = (document: never, ...rest: never[]) => boolean;
type Operator = (path: string, operand: never, options: never) => Predicate;

/**
 * Makes a matcher for storages that cannot ask their engine: mingo, with only the operators of the subset,
 * loaded on first use. Where mingo differs from MongoDB (null behind an array), the operators are bridged
 * here.
 */
export async function createMatcher(filter: CheckedFilter): Promise<Matcher> {
  const [{ Context }, { Query }, operators] = await Promise.all([
    import("mingo/core"),
    import("mingo/query"),
    import("mingo/operators/query"),
  ]);
  const { $and, $or, $nor, $not, $gt, $gte, $lt, $lte, $exists, $elemMatch, $size, $all, $regex } = operators;
  const $eq = withNull(operators.$eq as Operator, (operand) => operand === null);
  const $in = withNull(operators.$in as Operator, (operand) => (operand as unknown[]).includes(null));
  const query = {
    ...{ $and, $or, $nor, $not, $gt, $gte, $lt, $lte, $exists, $elemMatch, $size, $all, $regex },
    ...{ $eq, $in, $ne: negated($eq), $nin: negated($in) },
  };
  const context = Context.init({ query: query as never });
  const test = new Query<{ _id: DocumentId }>(filter as never, { context });
  return (id, state) => test.test({ ...state, _id: id });
}

/** MongoDB's null also matches where one of several branches through an array lacks the field. */
function withNull(operator: Operator, asksNull: (operand: unknown) => boolean): Operator {
  return (path, operand, options) => {
    const usual = operator(path, operand, options);
    if (!path.includes(".") || !asksNull(operand)) return usual;
    const steps = path.split(".");
    return (document, ...rest) => usual(document, ...rest) || lacks(document, steps, 0);
  };
}

function negated(operator: Operator): Operator {
  return (path, operand, options) => {
    const holds = operator(path, operand, options);
    return (document, ...rest) => !holds(document, ...rest);
  };
}

function lacks(value: unknown, steps: readonly string[], depth: number): boolean {
  const step = steps[depth];
  if (step === undefined) return value === null;
  if (Array.isArray(value)) return value.some((item) => isPlain(item) && lacks(item, steps, depth));
  return isPlain(value) && (!hasOwn(value, step) || lacks(value[step], steps, depth + 1));
}
