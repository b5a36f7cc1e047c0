/**
 * The kinds of values that storages declare beside the plain ones, as types tell them from plain objects. The author of a
 * storage with another kind adds its class: `declare module "@everdraft/core" { interface AdapterValues { money: Money } }`.
 */
export interface AdapterValues {
  /** MongoDB's: ObjectId, UUID, Decimal128, Long and Binary. */
  readonly bson: { readonly _bsontype: string };
}

/** A value that holds no others: State and Draft leave it as it is. */
export type Leaf =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | AdapterValues[keyof AdapterValues];

type Whole = Leaf | ((...given: never[]) => unknown);

// Lists and objects are worked out when they are looked at, tuples at once: in tuples of tuples it ends here.
type Less<Depth extends number> = [0, 0, 1, 2, 3, 4][Depth];

/**
 * A state as it is handed out: `T` with every field and list readonly, at every level. Dates, bytes and adapter values
 * are as in `T`. The parameters of helpers are best of this type: they take states that were read, and states that were
 * never stored.
 *
 * @typeParam T the document's state, as the store was made with it
 * @typeParam Depth how deep tuples in tuples are followed
 * @example
 * const total = (order: State<Order>): number => order.lines.reduce((sum, { qty }) => sum + qty, 0);
 */
export type State<T, Depth extends number = 5> = T extends Whole
  ? T
  : T extends readonly (infer E)[]
    ? E[] extends T
      ? readonly State<E>[]
      : Depth extends 0
        ? Readonly<T>
        : { readonly [K in keyof T]: State<T[K], Less<Depth>> }
    : T extends object
      ? StateObject<T>
      : T;

/** An object within a state that is handed out. */
export type StateObject<T> = { readonly [K in keyof T]: State<T[K]> };

/**
 * A state as a recipe may change it: `T` without any readonly, at every level. Dates, bytes and adapter values are as in
 * `T`; a new one is assigned in their place.
 *
 * @typeParam T the document's state, as the store was made with it
 * @typeParam Depth how deep tuples in tuples are followed
 */
export type Draft<T, Depth extends number = 5> = T extends Whole
  ? T
  : T extends readonly (infer E)[]
    ? E[] extends T
      ? Draft<E>[]
      : Depth extends 0
        ? T
        : { -readonly [K in keyof T]: Draft<T[K], Less<Depth>> }
    : T extends object
      ? DraftObject<T>
      : T;

/** An object within a draft. */
export type DraftObject<T> = { -readonly [K in keyof T]: Draft<T[K]> };
