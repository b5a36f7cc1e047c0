import type { Leaf, State } from "../value/state-types.ts";
import type { FieldPath, List, ValueAt } from "./field-path.ts";

type Element<V> = V extends readonly (infer E)[] ? E : never;

/**
 * The operands for a value: the value itself, or an element where it is a list; never a whole object. Of a field whose
 * type says nothing (`unknown`), anything: then only the call checks.
 */
type Operand<V> = unknown extends V
  ? unknown
  : Extract<V | Element<V>, Leaf> | State<Extract<V, List>> | null;

/** A pattern, where a field or its elements can be texts. */
type Pattern<V> = If<Extract<V | Element<V>, string>, RegExp>;

type ElementCondition<E> = unknown extends E
  ? unknown
  :
      | If<Extract<E, Leaf | List>, Operators<Extract<E, Leaf | List>>>
      | If<Exclude<E, Leaf>, Filter<Exclude<E, Leaf>>>;
type If<V, Then> = [V] extends [never] ? never : Then;

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
  readonly $not?: Operators<V> | Pattern<V>;
  /** One element meets all of this. */
  readonly $elemMatch?: ElementCondition<Element<NonNullable<V>>>;
  /** An array of this length. */
  readonly $size?: number;
  /** An array with all of these. */
  readonly $all?: readonly Operand<V>[];
  /** A text that this matches; flags i, m and s. */
  readonly $regex?: string | RegExp;
  /** Flags for `$regex` where it is a text. */
  readonly $options?: string;
}

// Of a type that is not known yet, such as the T of a generic function, the compiler looks at this type as it would be
// for any: then the call alone checks. No type that a state has is this one.
declare const nobody: unique symbol;
type IsKnown<T> = [T] extends [typeof nobody] ? false : true;

/**
 * A condition on documents, in MongoDB's form: the part of its language that every storage answers alike.
 * `_id` is the document's id. Anything else, and equality with a whole object, is a FilterError. In a function that is
 * generic over documents, and for `any`, only the call checks.
 *
 * @typeParam T the document's state
 */
export type Filter<T> =
  IsKnown<T> extends true
    ? {
        readonly [P in FieldPath<T>]?:
          | Operand<ValueAt<T, P>>
          | Operators<ValueAt<T, P>>
          | Pattern<ValueAt<T, P>>;
      } & {
        /** The document's id. */
        readonly _id?: unknown;
        /** All of these. */
        readonly $and?: readonly Filter<T>[];
        /** One of these. */
        readonly $or?: readonly Filter<T>[];
        /** None of these. */
        readonly $nor?: readonly Filter<T>[];
      }
    : { readonly [path: string]: unknown };

/**
 * The fields to sort by, in the order of the keys: 1 ascending, -1 descending. `_id` is the document's id.
 *
 * @typeParam T the document's state, or a row
 */
export type SortBy<T> =
  IsKnown<T> extends true
    ? { readonly [P in FieldPath<T> | "_id"]?: 1 | -1 }
    : { readonly [path: string]: 1 | -1 };
