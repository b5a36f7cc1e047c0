import { encode } from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import { encodeAfter, splicedBytes } from "../src/patch/encode-after.ts";
import { types } from "./built-events.ts";

const shared = { kept: [1, 2, 3] };

function after(before: unknown, value: unknown): Uint8Array | undefined {
  return splicedBytes({ value: before, bytes: encode(before, types) }, value, types);
}

const lists: readonly (readonly [name: string, before: readonly unknown[], after: readonly unknown[]])[] = [
  ["an item put in front", [shared, 2], [0, shared, 2]],
  ["an item put behind", [shared, 2], [shared, 2, 3]],
  ["an item taken from the middle", [shared, 1, 2], [shared, 2]],
  ["all items taken away", [shared, 1], []],
  ["a first item", [], [shared]],
  ["one changed in place", [shared, { a: 1 }, 2], [shared, { a: 2 }, 2]],
  ["more in place of fewer", [1, shared, 9], [1, 4, 5, 6, 9]],
  ["equal numbers all along", [1, 1, 1], [1, 1, 1, 1]],
  ["NaN and both zeros", [Number.NaN, 0, -0], [Number.NaN, -0, 0]],
  ["so many items that the count takes another byte", Array(127).fill(shared), Array(128).fill(shared)],
];

describe("the bytes of a state after a change", () => {
  test.each(lists)("are those of the encoding: %s", (_, before, now) => {
    expect(after({ list: before }, { list: now })).toEqual(Buffer.from(encode({ list: now }, types)));
  });

  test("have fields in the order of their keys, whatever was added, removed or undefined", () => {
    const before = { b: shared, d: 1, f: undefined, "\u{10000}": 1, "\uffff": 2 };
    const now = { a: 0, b: shared, c: undefined, e: 2, "\u{10000}": 1, "\uffff": 2, f: 3 };
    expect(after(before, now)).toEqual(Buffer.from(encode(now, types)));
    expect(after(now, before)).toEqual(Buffer.from(encode(before, types)));
    expect(after({ a: shared, y: 1, z: 2 }, { a: shared })).toEqual(
      Buffer.from(encode({ a: shared }, types)),
    );
  });

  test("are new where a container became a leaf or another kind of container", () => {
    for (const now of [1, "text", null, [1], new Date(5), Uint8Array.of(1)])
      expect(after({ x: { y: 1 }, z: shared }, { x: now, z: shared })).toEqual(
        Buffer.from(encode({ x: now, z: shared }, types)),
      );
  });

  test("are those of the encoding where the earlier bytes are cut, too long or another value's", () => {
    const [before, now] = [
      { a: 1, shared },
      { a: 2, shared },
    ];
    const bytes = encode(before, types);
    const wrong = [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), encode({ a: 1 }, types)];
    for (const one of [...wrong, new Uint8Array()])
      expect(encodeAfter({ value: before, bytes: one }, now, types)).toEqual(encode(now, types));
  });
});
