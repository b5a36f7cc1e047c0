// Sealed containers: who gets the stamp, and what it says.
import { expect, test } from "vitest";
import { encode } from "../src/value/canonical.ts";
import { decode } from "../src/value/canonical-decode.ts";
import { normalise } from "../src/value/normalise.ts";
import { isSealed, lend, lendSealed, seal, sealedHeight } from "../src/value/seal.ts";
import { Money, thrownBy, oddTypes as types } from "./odd-types.ts";

interface State {
  when: Date;
  in: { list: unknown[] };
  plain: { n: number };
}

const given = (): State => ({ when: new Date(1), in: { list: [new Money(1)] }, plain: { n: 1 } });

/** Every container of a value. */
function containers(value: unknown): object[] {
  if (value === null || typeof value !== "object") return [];
  const isContainer = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isContainer ? [value, ...Object.values(value).flatMap(containers)] : [];
}

const isWhole = (value: unknown) => containers(value).every((one) => isSealed(one) && Object.isFrozen(one));

test("sealing reaches every container, and gives back the value itself", () => {
  const state = given();
  expect(seal(state)).toBe(state);
  expect(containers(state)).toHaveLength(4);
  expect(isWhole(state)).toBe(true);
  expect(seal(state)).toBe(state);
  expect([seal(5), seal(null), seal("x")]).toEqual([5, null, "x"]);
});

test("a container that somebody else froze is copied, since it may take no stamp", () => {
  for (const close of [Object.freeze, Object.seal, Object.preventExtensions]) {
    const list = close([{ n: 1 }]);
    const state = { list, in: close({ list }) };
    const sealed = seal(state);
    expect(sealed).toBe(state);
    expect(sealed).toEqual({ list: [{ n: 1 }], in: { list: [{ n: 1 }] } });
    expect(isWhole(sealed)).toBe(true);
    expect(sealed.list).not.toBe(list);
    expect(isSealed(list)).toBe(false);
    const outer = close({ a: 1 });
    expect(seal(outer)).toEqual(outer);
    expect(seal(outer)).not.toBe(outer);
  }
});

test("no copy takes a stamp along", () => {
  const state = normalise(given(), types);
  const copies = [{ ...state }, Object.assign({}, state), structuredClone(state.plain), Object.create(state)];
  expect(copies.some(isSealed)).toBe(false);
  expect(isSealed(state.in.list.slice())).toBe(false);
  expect(isSealed(new Proxy(state, {}))).toBe(false);
});

test("a lent value shares all but the leaves that can be changed in place, and is sealed where the library keeps it", () => {
  const state = normalise(given(), types);
  for (const [lent, sealed] of [
    [lend(state, types), false],
    [lendSealed(state, types), true],
  ] as const) {
    expect(lent).toEqual(state);
    expect(containers(lent).every(Object.isFrozen)).toBe(true);
    expect([isSealed(lent), isSealed(lent.in), isSealed(lent.in.list)]).toEqual([sealed, sealed, sealed]);
    expect(lent.plain).toBe(state.plain);
    expect([lent.when === state.when, lent.in.list[0] === state.in.list[0]]).toEqual([false, false]);
  }
  const plain = normalise({ a: [1, { b: null }] }, types);
  expect([lend(plain, types), lendSealed(plain, types)].every((lent) => lent === plain)).toBe(true);
});

test("a decoded value is sealed, and knows its levels and its leaves that can be changed in place", () => {
  const leaves = [1, "a", null, true, new Date(1), Uint8Array.of(1), new Money(1)];
  const shapes: ((leaf: unknown) => unknown)[] = [
    (leaf) => ({ leaf }),
    (leaf) => [leaf],
    (leaf) => [[leaf], 1],
    (leaf) => [leaf, [[1]]],
    (leaf) => ({ a: { b: [] }, leaf }),
    (leaf) => ({ a: [], b: { c: [leaf], d: 1 }, e: "x" }),
  ];
  for (const leaf of leaves)
    for (const shape of shapes) {
      const [kept, decoded] = [normalise(shape(leaf), types), decode(encode(shape(leaf), types), types)];
      expect(decoded).toEqual(kept);
      expect(isWhole(decoded)).toBe(true);
      expect(sealedHeight(decoded as object)).toBe(sealedHeight(kept as object));
      expect(lend(decoded, types) === decoded).toBe(lend(kept, types) === kept);
      expect(lend(decoded, types) === decoded).toBe(leaf === null || typeof leaf !== "object");
    }
  const deep = Array.from({ length: 90 }).reduce<unknown>((inner) => [inner], 1);
  const decoded = decode(encode(deep, types), types);
  expect(normalise(decoded, types)).toBe(decoded);
  expect(thrownBy(() => normalise([decoded], types)).name).toBe("ValueError");
});
