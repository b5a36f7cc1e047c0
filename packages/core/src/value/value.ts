import type * as Util from "node:util";
import type { ValueTypes } from "./value-type.ts";

/**
 * How deep containers may nest in a state: MongoDB allows 100 levels, and an event wraps its values in a few
 * more.
 */
export const maxDepth = 90;

/** A plain object inside a state. */
export type PlainObject = Readonly<Record<string, unknown>>;

/**
 * Whether a value is a plain object: one made by `{}`, `JSON.parse` or with a null prototype, in whichever realm (a vm
 * context, as test runners make them, has an `Object` of its own).
 */
export function isPlain(value: unknown): value is PlainObject {
  if (value === null || typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isObjectPrototype(prototype);
}

/** Whether this is the `Object.prototype` of some realm, and not that of a class or of another object. */
function isObjectPrototype(prototype: object): boolean {
  // leaves and lists end here: theirs has Object.prototype behind it. Another one without a prototype lacks such a method
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/** The questions about an object that hold for one of any realm: a vm context, as test runners make them, or a frame. */
interface RealmTypes {
  isDate(value: unknown): value is Date;
  isUint8Array(value: unknown): value is Uint8Array;
}

const tagOfBytes = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get;

/** Without Node: a date that says so, and bytes by the getter that no object can pretend for. */
const inBrowsers: RealmTypes = {
  isDate: (value): value is Date => Object.prototype.toString.call(value) === "[object Date]",
  isUint8Array: (value): value is Uint8Array => tagOfBytes?.call(value) === "Uint8Array",
};

const util: typeof Util | undefined = globalThis.process?.getBuiltinModule?.("node:util");

/** Node answers by the object's own slots. Not imported, as a browser's page compares states too. */
const realmTypes: RealmTypes = util?.types ?? inBrowsers;

/**
 * Whether a value inside a state is a date, of whichever realm. Quick, and right for all but an object that pretends to be
 * one, which never came in.
 */
export function isDate(value: unknown): value is Date {
  return value instanceof Date || realmTypes.isDate(value);
}

/** The time of a date that comes in, of whichever realm; NaN of an invalid one, undefined of a value that is no date. */
export function timeOf(value: unknown): number | undefined {
  return realmTypes.isDate(value) ? Date.prototype.getTime.call(value) : undefined;
}

const earliest = new Date("0001-01-01T00:00:00.000Z").getTime();
const latest = new Date("9999-12-31T23:59:59.999Z").getTime();

/** Whether every storage gives a time back: it is none of an invalid date, and in the years 1–9999. */
export function isStorableTime(time: number): boolean {
  return time >= earliest && time <= latest;
}

/** Whether a value is bytes, of whichever realm; a Buffer is. */
export function isBytes(value: unknown): value is Uint8Array {
  return realmTypes.isUint8Array(value);
}

/** Whether a value holds other values: an array or a plain object. Everything else is a leaf. */
export function isContainer(value: unknown): value is PlainObject | readonly unknown[] {
  return Array.isArray(value) || isPlain(value);
}

/** The element's own id, as most data has it: `id` or `_id`; undefined where it has none. */
export function ownId(element: unknown): unknown {
  if (!isPlain(element)) return undefined;
  const id = element.id ?? element._id;
  // an object or list is content, not an id; and String() of one may throw
  return isContainer(id) ? undefined : id;
}

/**
 * The text by which an element's own id is recognised: its kind and the id as a text, by which objects (an ObjectId) are told
 * apart. Undefined where it has none, or null.
 */
export function ownIdKey(element: unknown): string | undefined {
  const id = ownId(element);
  return id === undefined || id === null ? undefined : `${typeof id} ${String(id)}`;
}

/** Whether a value is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Whether an object has a key of its own, whatever the key is called. */
export function hasOwn(container: object, key: string | number): boolean {
  return Object.hasOwn(container, key);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether two leaves are the same value: dates by time, bytes by content, adapter values by their type. */
export function sameLeaf(a: unknown, b: unknown, types: ValueTypes): boolean {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (isDate(a)) return isDate(b) && a.getTime() === b.getTime();
  if (isBytes(a)) return isBytes(b) && sameBytes(a, b);
  if (isContainer(a) || isContainer(b)) return false;
  const type = types.of(a);
  return type !== undefined && type === types.of(b) && type.equals(a, b);
}

/**
 * Whether two values are equal; the order of an object's keys is not part of it. Stops where both are one
 * reference.
 */
export function sameValue(a: unknown, b: unknown, types: ValueTypes): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i], types));
  }
  if (isPlain(a)) {
    if (!isPlain(b)) return false;
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => hasOwn(b, key) && sameValue(a[key], b[key], types))
    );
  }
  return sameLeaf(a, b, types);
}

/**
 * A new leaf of the same value, so that neither holder can change the other's in place. Primitives are
 * themselves.
 */
export function copyLeaf(leaf: unknown, types: ValueTypes): unknown {
  if (leaf === null || typeof leaf !== "object") return leaf;
  if (isDate(leaf)) return new Date(leaf.getTime());
  if (isBytes(leaf)) return Uint8Array.from(leaf);
  const type = types.of(leaf);
  return type === undefined ? leaf : type.fromBytes(type.toBytes(leaf));
}
