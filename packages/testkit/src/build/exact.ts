import type { Path, ValueTypes } from "@everdraft/core/adapter";
import { sameValue } from "@everdraft/core/internals";

/**
 * How a value that came back differs from the one that was sent, in one sentence, or undefined where it is
 * exactly that one: same kinds, same keys, plain objects plain, bytes a Uint8Array, dates a Date, no fields
 * that are undefined.
 */
export function difference(
  found: unknown,
  sent: unknown,
  types: ValueTypes,
  at: Path = [],
): string | undefined {
  const fault = (what: string): string => `at ${JSON.stringify(at)}: ${what}`;
  if (kindOf(found) !== kindOf(sent)) return fault(`sent ${kindOf(sent)}, found ${kindOf(found)}`);
  if (Array.isArray(sent) && Array.isArray(found)) {
    if (found.length !== sent.length) return fault(`sent ${sent.length} elements, found ${found.length}`);
    return firstOf(sent.keys(), (i) => difference(found[i], sent[i], types, [...at, i]));
  }
  if (isObject(sent) && isObject(found)) {
    const missing = Object.keys(sent).find((key) => !Object.hasOwn(found, key));
    if (missing !== undefined) return fault(`the key ${JSON.stringify(missing)} is gone`);
    const added = Object.keys(found).find((key) => !Object.hasOwn(sent, key));
    if (added !== undefined) return fault(`the key ${JSON.stringify(added)} was added`);
    return firstOf(Object.keys(sent), (key) => difference(found[key], sent[key], types, [...at, key]));
  }
  return sameValue(found, sent, types) ? undefined : fault(`sent ${show(sent)}, found ${show(found)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return kindOf(value) === "Object";
}

function kindOf(value: unknown): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return "Object";
  if (typeof prototype !== "object" || prototype === null) return "an object without prototype";
  return prototype.constructor.name;
}

function show(value: unknown): string {
  const text = value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString("hex")}` : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function firstOf<K>(keys: Iterable<K>, find: (key: K) => string | undefined): string | undefined {
  for (const key of keys) {
    const found = find(key);
    if (found !== undefined) return found;
  }
  return undefined;
}
