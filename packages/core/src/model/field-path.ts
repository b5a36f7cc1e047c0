import type { Leaf } from "../value/state-types.ts";

/** Any list, of values of whatever kind. */
export type List = readonly unknown[];

type Known<V> = unknown extends V ? V : NonNullable<V>;
type Empty = Record<never, never>;
/** Whether an object need not have any key of this type, as it is with the keys of a dictionary. */
type IsOpen<Keys extends PropertyKey> = Empty extends Record<Keys, 1> ? true : false;

/*
 * Paths are told apart as far as a budget goes, so that neither a wide type nor one that holds itself has too many of them;
 * `string` stands for all that are longer. A step into the fields of a type costs 2, or 3 where many of them hold others
 * (so four levels of names are told apart, or three), and a step by an index 4 more. A list or dictionary whose elements are
 * of its own type again, such as any JSON, is not gone into at all.
 */
type Budget = 8;
type After = {
  readonly few: [0, 0, 0, 1, 2, 3, 4, 5, 6];
  readonly many: [0, 0, 0, 0, 1, 2, 3, 4, 5];
  readonly index: [0, 0, 0, 0, 0, 1, 2, 3, 4];
};

// a union's members are taken away one by one: which comes first does not matter for their number
type AnyOf<U> = (U extends unknown ? (give: () => U) => void : never) extends (give: infer Give) => void
  ? Give extends () => infer One
    ? One
    : never
  : never;
type HasMore<U, Than extends List> = [U] extends [never]
  ? false
  : Than extends readonly [unknown, ...infer Fewer]
    ? HasMore<Exclude<U, AnyOf<U>>, Fewer>
    : true;
type Holders<T> = { [K in keyof T]-?: Known<T[K]> extends Leaf ? never : K }[keyof T];
type Width<T> = HasMore<Holders<T>, [1, 2, 3, 4, 5, 6]> extends true ? "many" : "few";

/** `string` where every path below a value is as good as another. */
type AnyPath<V> = unknown extends V
  ? string
  : V extends Leaf
    ? never
    : V extends readonly (infer E)[]
      ? V extends E
        ? string
        : AnyPath<Exclude<E, List>>
      : IsOpen<keyof V> extends true
        ? string
        : never;

// an inner `string` would swallow the paths beside it, so it is joined to the step on its own
type Step<Name extends string, V, Left extends number> =
  | (string extends Name ? never : Name)
  | `${Name}.${AnyPath<V>}`
  | (Left extends 0 ? never : `${Name}.${Paths<V, Left>}`);

type Paths<T, Left extends number> = T extends Leaf
  ? never
  : T extends readonly (infer E)[]
    ? T extends E
      ? never
      :
          | Step<`${number}`, E, After["index"][Left]>
          | Rest<E, `${number}`, After["index"][Left]>
          | Paths<Exclude<E, List>, Left>
    : FieldPaths<T, After[Width<T>][Left]>;

type FieldPaths<T, Left extends number> =
  | { [K in keyof T & (string | number)]: Step<NameOf<K>, Known<T[K]>, Left> }[keyof T & (string | number)]
  | Rest<T[keyof T], string, Left>;

type NameOf<K extends string | number> =
  IsOpen<K> extends true ? (K extends number ? `${number}` : string) : `${K}`;

/** Where the budget is used up: anything below values that hold others. */
type Rest<V, Name extends string, Left extends number> = Left extends 0
  ? unknown extends V
    ? never
    : V extends Leaf
      ? never
      : `${Name}.${string}`
  : never;

/**
 * The dotted paths of a type: `"status"`, `"lines.sku"`, `"lines.0.sku"`. Told apart four levels deep (three where types
 * are very wide, two by an index); deeper ones, and those below a value of any form, are any text.
 *
 * @typeParam T the document's state
 */
export type FieldPath<T> = Paths<T, Budget> | AnyPath<T>;

/**
 * The type of the value at a dotted path; of an array's elements where the path leads through one.
 *
 * @typeParam T the document's state
 * @typeParam P the path
 */
export type ValueAt<T, P extends string> = string extends P
  ? Within<T>
  : unknown extends T
    ? unknown
    : T extends Leaf
      ? never
      : T extends List
        ? P extends `${number}`
          ? T[number]
          : P extends `${number}.${infer Below}`
            ? ValueAt<T[number], Below>
            : ValueAt<Exclude<T[number], List>, P>
        : P extends `${infer Name}.${infer Below}`
          ? ValueAt<Known<FieldOf<T, Name>>, Below>
          : FieldOf<T, P>;

type FieldOf<T, Name> = Name extends keyof T
  ? T[Name]
  : Name extends `${infer N extends keyof T & number}`
    ? T[N]
    : string extends Name
      ? IsOpen<keyof T> extends true
        ? T[keyof T]
        : unknown
      : never;

/** The type at the end of any path below a value. */
type Within<T> = unknown extends T
  ? unknown
  : T extends Leaf
    ? never
    : IsOpen<keyof T> extends true
      ? LeavesOf<T[keyof T]>
      : unknown;
type LeavesOf<V> = V extends Leaf | readonly Leaf[] ? V : unknown;
