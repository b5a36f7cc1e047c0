// When the patches inside a container are one replacement of it.
import { expect, test } from "vitest";
import { diffStates, type MatchBy } from "../src/patch/diff.ts";
import { normalise } from "../src/value/normalise.ts";
import { sizeOf } from "../src/value/size.ts";
import { oddTypes as types } from "./odd-types.ts";

const bases = ["content", "reference"] as const;

/** The patches between two states that were built apart. */
function diff(before: unknown, after: unknown, by: MatchBy) {
  return diffStates(normalise(before, types), normalise(after, types), types, by);
}

type Path = readonly (string | number)[];
const replace = (path: Path, value: unknown) => ({ op: "replace", path, value });
const remove = (path: Path) => ({ op: "remove", path });
const fields = (n: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, value]));

test("up to four patches inside a container are kept, more are one replacement where that is smaller", () => {
  for (const by of bases) {
    expect(diff(fields(4, 1), fields(4, 2), by)).toHaveLength(4);
    expect(diff(fields(5, 1), fields(5, 2), by)).toStrictEqual([replace([], fields(5, 2))]);
    expect(diff({ in: fields(5, 1), b: 1 }, { in: fields(5, 2), b: 2 }, by)).toStrictEqual([
      ...[replace(["in"], fields(5, 2)), replace(["b"], 2)],
    ]);
    expect(diff([1, 2, 3, 4, 5, 0], [6, 7, 8, 9, 10, 0], by)).toStrictEqual([
      replace([], [6, 7, 8, 9, 10, 0]),
    ]);
    const rest = "x".repeat(1000);
    expect(diff({ ...fields(5, 1), rest }, { ...fields(5, 2), rest }, by)).toHaveLength(5);
    const [before, after] = [1, 2].map((n) => ({ ...fields(3, n), in: fields(4, n), rest }));
    expect(diff(before, after, by)).toHaveLength(7);
  }
});

test("a container that was emptied is replaced where that is smaller", () => {
  for (const by of bases) {
    expect(diff({ a: [1, 2] }, { a: [] }, by)).toStrictEqual([replace(["a"], [])]);
    expect(diff({ a: { b: 1, c: 2 } }, { a: {} }, by)).toStrictEqual([replace(["a"], {})]);
    expect(diff({ a: [1] }, { a: [] }, by)).toStrictEqual([remove(["a", 0])]);
    expect(diff({ a: { b: 1 } }, { a: {} }, by)).toStrictEqual([remove(["a", "b"])]);
    expect(diff({ a: [1, 2, 3] }, { a: [3] }, by)).toStrictEqual([remove(["a", 1]), remove(["a", 0])]);
  }
});

test("a replacement is smaller by one byte: 32 a patch, 9 an index, 2 and its length a key, and the value", () => {
  // five fields of an element come or go; its filling decides, and its neighbour keeps the list from being replaced
  const texts = { a: "x", b: "x", c: "x", d: "x" };
  const after = (filling: number) => ({ list: [{ ...texts, rest: "r".repeat(filling) }, "r".repeat(999)] });
  const before = (filling: number) => ({
    list: [{ ...fields(1, 1), rest: "r".repeat(filling) }, "r".repeat(999)],
  });
  const step = 2 + "list".length + 9;
  const edits = 4 * (32 + step + 2 + "a".length + sizeOf("x", types)) + 32 + step + 2 + "k0".length;
  const whole = (filling: number) => 32 + step + sizeOf(normalise(after(filling).list[0], types), types);
  const even = 500 + edits - whole(500);
  expect(whole(even)).toBe(edits);
  for (const by of bases) {
    expect(diff(before(even), after(even), by)).toHaveLength(5);
    const replacing = [replace(["list", 0], after(even - 1).list[0])];
    expect(diff(before(even - 1), after(even - 1), by)).toStrictEqual(replacing);
  }
});
