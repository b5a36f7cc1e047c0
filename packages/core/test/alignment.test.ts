// Recognising elements by content gives the same steps whichever of the equal elements are one object.
import { expect, test } from "vitest";
import { alignByContent, type Step } from "../src/patch/align-arrays.ts";
import { diffStates } from "../src/patch/diff.ts";
import { normalise, reconcile } from "../src/value/normalise.ts";
import { oddTypes as types } from "./odd-types.ts";

const makers: Readonly<Record<string, () => unknown>> = {
  p: () => ({ v: "p" }),
  q: () => ({ v: "q" }),
  r: () => [1],
  i: () => ({ id: 1, v: 1 }),
  j: () => ({ id: 1, v: 2 }),
  n: () => 1,
};

function lists(longest: number): string[] {
  const all = [""];
  for (const word of all)
    if (word.length < longest) for (const letter of Object.keys(makers)) all.push(word + letter);
  return all;
}

const listOf = (word: string): readonly unknown[] =>
  normalise(
    [...word].map((letter) => makers[letter]?.()),
    types,
  );

/** The steps that leave an element as it is say nothing. */
function saying(steps: readonly Step[], a: readonly unknown[], b: readonly unknown[]): Step[] {
  const shown = (element: unknown) => JSON.stringify(element);
  return steps.filter((step) => step.op !== "both" || shown(a[step.from]) !== shown(b[step.to]));
}

test("sharing changes no step and no patch, also where elements are there twice", () => {
  const wrong: unknown[] = [];
  let shared = 0;
  const words = lists(2);
  const pairs = words.flatMap((before) => words.map((after) => [before, after] as const));
  const longer = ["ppqq", "pqpp", "qpnpq", "iijqp", "rnrnr", "pqrpq"].flatMap((before) =>
    words.flatMap((word) => [
      [before, `${before}${word}`] as const,
      [before, `p${word}${before.slice(1)}`] as const,
    ]),
  );
  for (const [before, after] of [...pairs, ...longer]) {
    const [a, b] = [listOf(before), listOf(after)];
    const sharing = reconcile(a, listOf(after), types);
    if (sharing.some((element) => typeof element === "object" && a.includes(element))) shared++;
    const [apart, together] = [b, sharing].map((list) => saying(alignByContent(a, list, types), a, list));
    if (JSON.stringify(apart) !== JSON.stringify(together)) wrong.push([before, after]);
    const patches = [b, sharing].map((list) => JSON.stringify(diffStates(a, list, types, "content")));
    if (patches[0] !== patches[1]) wrong.push([before, after, patches]);
  }
  expect(wrong).toEqual([]);
  expect(shared).toBeGreaterThan(500);
});

test("an element that is also in an equal end is matched in order", () => {
  const steps = (before: string, after: string): readonly string[] => {
    const a = listOf(before);
    const b = reconcile(a, listOf(after), types);
    return saying(alignByContent(a, b, types), a, b).map(({ op, index }) => `${op} ${index}`);
  };
  // the last p is trimmed only where no other p is between
  expect(steps("pqp", "rp")).toEqual(["add 0", "remove 3", "remove 2"]);
  expect(steps("pqi", "ri")).toEqual(["both 0", "remove 1"]);
});
