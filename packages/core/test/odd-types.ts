import { type ValueType, valueTypes } from "../src/value/value-type.ts";

/** Values of a kind that only an adapter knows. */
export class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
  toString(): string {
    return `m${this.cents}`;
  }
}
/** Another kind, with as few bytes. */
export class Weight {
  readonly grams: number;
  constructor(grams: number) {
    this.grams = grams;
  }
}
const typeOf = <V extends object>(
  name: string,
  tag: number,
  made: (n: number) => V,
  read: (value: V) => number,
) =>
  ({
    name,
    tag,
    is: (value) => value.constructor === made(0).constructor,
    toBytes: (value) => Uint8Array.of(read(value as V)),
    fromBytes: ([n = 0]) => made(n),
    equals: (a, b) => read(a as V) === read(b as V),
  }) satisfies ValueType;
/** Both kinds, declared. */
export const oddTypes = valueTypes([
  typeOf(
    "Money",
    200,
    (n) => new Money(n),
    ({ cents }) => cents,
  ),
  typeOf(
    "Weight",
    201,
    (n) => new Weight(n),
    ({ grams }) => grams,
  ),
]);

/** What a call throws. */
export const thrownBy = (act: () => unknown): { message: string; details: unknown; name: string } => {
  try {
    act();
  } catch (error) {
    return error as never;
  }
  throw new Error("it was not refused");
};
