import { afterAll, expect } from "vitest";

/*
 * Whoever pollutes the prototype of all objects does so for every test after it, and for every user of the library.
 * Nothing can be added to it here, and its properties are compared. Not frozen: then no plain object could be assigned a key
 * "constructor" or "toString" any more, and documents have such keys.
 */
const prototypes = [Object.prototype, Array.prototype, Function.prototype];
const contents = () => prototypes.map((prototype) => Object.getOwnPropertyDescriptors(prototype));
const before = contents();
Object.preventExtensions(Object.prototype);

afterAll(() => {
  for (const [i, now] of contents().entries()) {
    expect(Reflect.ownKeys(now)).toEqual(Reflect.ownKeys(before[i] as object));
    for (const key of Reflect.ownKeys(now)) {
      const [was, is] = [before[i], now].map((of) => Reflect.get(of as object, key));
      expect([key, is.value === was.value, is.get === was.get, is.set === was.set]).toEqual([
        key,
        true,
        true,
        true,
      ]);
    }
  }
});
