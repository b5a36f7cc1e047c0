import * as fc from "fast-check";
import { isTopLevelKey, nastyKeys } from "./nasty-keys.ts";

const shortKeys = nastyKeys.filter((key) => key.length < 100);

/** A key of an object: mostly one of a few plain ones, so that edits meet; else a nasty or a random one. */
export function anyKey(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom("a", "b", "c", "items") },
    { weight: 3, arbitrary: fc.constantFrom(...shortKeys) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }).filter(isKey) },
  );
}

function isKey(text: string): boolean {
  return text !== "__proto__" && !text.includes("\0");
}

/** A key at the top level of a state. */
export function anyTopLevelKey(): fc.Arbitrary<string> {
  return anyKey().filter(isTopLevelKey);
}

/**
 * A value that holds no others, of every plain kind; small numbers and texts are the most frequent, so that
 * equal ones meet.
 */
export function anyLeaf(): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) },
    { weight: 2, arbitrary: fc.constantFrom("", "s", "x.y", "$z", null, true, false) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
    { weight: 1, arbitrary: fc.double().map((number) => (number === 0 ? 0 : number)) },
    { weight: 1, arbitrary: anyDate() },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
  );
}

/** A date that a state may hold. */
export function anyDate(): fc.Arbitrary<Date> {
  const [min, max] = [new Date("0001-01-01T00:00:00.000Z"), new Date("9999-12-31T23:59:59.999Z")];
  return fc.oneof(
    fc.constantFrom(5, 6).map((time) => new Date(time)),
    fc.date({ min, max, noInvalidDate: true }),
  );
}

/** A value that a state may hold, as it is after normalising: no -0, no undefined. */
export function anyValue(): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      anyLeaf(),
      fc.array(tie("value"), { maxLength: 4 }),
      objectOf(anyKey(), tie("value"), 3),
      // elements with ids, as most lists of real documents have them
      fc.array(element(tie("value")), { maxLength: 5 }),
    ),
  })).value;
}

function element(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const id = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom("0", "x", null));
  return fc.record({ id, v: value }, { requiredKeys: ["id"], noNullPrototype: true });
}

/** A state: a plain object of values, with the keys that may stand at its top. */
export function anyState(): fc.Arbitrary<Record<string, unknown>> {
  return objectOf(anyTopLevelKey(), anyValue(), 5);
}

function objectOf(
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<unknown>,
  maxKeys: number,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.dictionary(key, value, { maxKeys, noNullPrototype: true });
}
