/**
 * A kind of value that an adapter stores beside the plain ones, such as MongoDB's ObjectId. The bytes are
 * part of the canonical encoding, so a tag means the same in every storage for ever; tags are registered in
 * docs/format.md.
 */
export interface ValueType<V extends object = object> {
  /** 16–255, registered in docs/format.md. */
  readonly tag: number;
  /** The name used in errors. */
  readonly name: string;
  /** Whether a value is of this type. Called for objects that are neither plain, arrays, dates nor bytes. */
  is(value: object): boolean;
  /** The value as bytes; the same bytes for equal values. */
  toBytes(value: V): Uint8Array;
  /** A new value from such bytes. */
  fromBytes(bytes: Uint8Array): V;
  /** Whether two values of this type are the same value. */
  equals(a: V, b: V): boolean;
}

/** The value types that a storage declares, found by value or by tag. */
export interface ValueTypes {
  /** The type of a value, or undefined where none is declared for it. */
  of(value: object): ValueType | undefined;
  /** The type with this tag. */
  byTag(tag: number): ValueType | undefined;
}

/** Makes the look-up over the types that a storage declares. */
export function valueTypes(declared: readonly ValueType[]): ValueTypes {
  const tags = new Map(declared.map((type) => [type.tag, type]));
  return {
    of: (value) => declared.find((type) => type.is(value)),
    byTag: (tag) => tags.get(tag),
  };
}
