import type { Path } from "@everdraft/core";
import { secret } from "./secret.ts";

/** A value that no storage gives back exactly. */
export interface BadValue {
  /** The words for it. */
  readonly title: string;
  /** Makes it anew. */
  readonly make: () => unknown;
  /** Where in it the fault is; default: it is the fault itself. Cycles are found somewhere along the way. */
  readonly at?: Path | "anywhere";
  /** The error's words for it. */
  readonly reason: RegExp;
}

class Account {
  readonly name = secret;
}

function cyclic(): object {
  const value: { text: string; self?: object } = { text: secret };
  value.self = value;
  return value;
}

function cyclicList(): unknown[] {
  const list: unknown[] = [secret];
  list.push(list);
  return list;
}

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = secret;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

const instance = (name: string): RegExp => new RegExp(`an instance of ${name} is not a plain value; store`);
const aDate = /the date is invalid or outside the years 1–9999; store/;
const halfPair = /half of a surrogate pair; repair it with toWellFormed\(\)/;
const tooDeep = /nests deeper than 90 levels; /;
const holes = /the array has holes or named properties; /;

/** Values of kinds that are no part of a state, each with the error's words for it. */
export const badValues: readonly BadValue[] = [
  { title: "a Map", make: () => new Map([[secret, secret]]), reason: instance("Map") },
  { title: "a Set", make: () => new Set([secret]), reason: instance("Set") },
  { title: "a RegExp", make: () => new RegExp(secret), reason: instance("RegExp") },
  { title: "a function", make: () => () => secret, reason: /a function cannot be stored; / },
  { title: "a symbol", make: () => Symbol(secret), reason: /a symbol cannot be stored; / },
  { title: "a symbol as a key", make: () => ({ [Symbol(secret)]: 1 }), reason: /a symbol as a key; / },
  { title: "a promise", make: () => Promise.resolve(secret), reason: instance("Promise") },
  { title: "a bigint", make: () => 4_711n, reason: /a bigint has no exact counterpart .* use a number/ },
  { title: "an instance of a class", make: () => new Account(), reason: instance("Account") },
  { title: "an error", make: () => new Error(secret), reason: instance("Error") },
  { title: "a boxed string", make: () => Object(secret), reason: instance("String") },
  { title: "a WeakMap", make: () => new WeakMap(), reason: instance("WeakMap") },
  { title: "an URL", make: () => new URL(`https://${secret}.example`), reason: instance("URL") },
  { title: "an Int32Array", make: () => Int32Array.of(4_711), reason: instance("Int32Array") },
  { title: "a Float64Array", make: () => Float64Array.of(4_711), reason: instance("Float64Array") },
  {
    title: "a Uint8ClampedArray",
    make: () => new Uint8ClampedArray(4),
    reason: instance("Uint8ClampedArray"),
  },
  { title: "an ArrayBuffer", make: () => new ArrayBuffer(8), reason: instance("ArrayBuffer") },
  { title: "a DataView", make: () => new DataView(new ArrayBuffer(8)), reason: instance("DataView") },
  { title: "an invalid date", make: () => new Date(Number.NaN), reason: aDate },
  { title: "a date in the year 0", make: () => new Date("0000-12-31T23:59:59.999Z"), reason: aDate },
  { title: "a date in the year 10000", make: () => new Date("+010000-01-01T00:00:00.000Z"), reason: aDate },
  { title: "half of a surrogate pair", make: () => `${secret}\ud83d`, reason: halfPair },
  {
    title: "a key with half of a surrogate pair",
    make: () => ({ "k\udc00": secret }),
    at: ["k\udc00"],
    reason: halfPair,
  },
  {
    title: "a key with NUL",
    make: () => ({ "a\0b": secret }),
    at: ["a\0b"],
    reason: /the key holds a NUL character; /,
  },
  {
    title: "the key __proto__",
    make: () => JSON.parse(`{"__proto__":{"admin":"${secret}"}}`),
    at: ["__proto__"],
    reason: /__proto__ is not a safe key; /,
  },
  {
    title: "the key __proto__ deep inside",
    make: () => JSON.parse(`{"a":[{"__proto__":"${secret}"}]}`),
    at: ["a", 0, "__proto__"],
    reason: /__proto__ is not a safe key; /,
  },
  { title: "an object that contains itself", make: cyclic, at: "anywhere", reason: /contains itself/ },
  { title: "an array that contains itself", make: cyclicList, at: "anywhere", reason: /contains itself/ },
  // biome-ignore lint/suspicious/noSparseArray: the hole is the point
  { title: "an array with a hole", make: () => [secret, , secret], reason: holes },
  {
    title: "an array with a named property",
    make: () => Object.assign([secret], { extra: 1 }),
    reason: holes,
  },
  {
    title: "objects 91 levels deep",
    make: () => nested(90, (inner) => ({ inner })),
    at: "anywhere",
    reason: tooDeep,
  },
  {
    title: "arrays 91 levels deep",
    make: () => nested(90, (inner) => [inner]),
    at: "anywhere",
    reason: tooDeep,
  },
  {
    title: "a Map inside a list inside an object",
    make: () => ({ list: [1, new Map([[1, secret]])] }),
    at: ["list", 1],
    reason: instance("Map"),
  },
];
