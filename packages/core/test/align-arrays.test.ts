// Which elements of two lists are one, and the steps from the one list to the other.
import { expect, test } from "vitest";
import { alignArrays, alignByContent, looksLikeOne, type Step } from "../src/patch/align-arrays.ts";
import { ownId } from "../src/value/value.ts";
import { Money, oddTypes as types } from "./odd-types.ts";

/** A step as these tests write it: `1=0@2` for both of a[1] and b[0] at index 2, `-1@0`, `+1@0`. */
function shown(step: Step): string {
  if (step.op === "remove") return `-${step.from}@${step.index}`;
  return `${step.op === "add" ? "+" : `${step.from}=`}${step.to}@${step.index}`;
}

const letters: readonly (readonly [what: string, a: string, b: string, steps: string])[] = [
  ["nothing", "", "", ""],
  ["what is equal", "abc", "abc", ""],
  ["all that is new", "", "ab", "+0@0 +1@1"],
  ["all that is gone, from the last", "ab", "", "-1@1 -0@0"],
  ["one put first", "abc", "xabc", "+0@0"],
  ["one put between", "abc", "abxc", "+2@2"],
  ["one put last", "abc", "abcx", "+3@3"],
  ["one more that is equal, behind the others", "a", "aa", "+1@1"],
  ["one less of those that are equal, from the last", "aa", "a", "-1@1"],
  ["one removed", "abcd", "acd", "-1@1"],
  ["two removed between", "abcd", "ad", "-2@2 -1@1"],
  ["one of two that are equal removed", "aab", "ab", "-1@1"],
  ["one changed", "abc", "axc", "1=1@1"],
  ["the only one changed", "a", "x", "0=0@0"],
  ["half of them changed where they are", "abcde", "xbcdy", "0=0@0 4=4@4"],
  ["two far ones that changed places, after one that is equal", "pabcde", "pebcda", "1=1@1 5=5@5"],
  ["two that changed places", "abcd", "acbd", "+1@1 1=2@2 -2@3"],
  ["the last one moved to the front", "abcd", "dabc", "+0@0 0=1@1 1=2@2 2=3@3 -3@4"],
  ["the first one moved to the end", "abcd", "bcda", "-0@0 1=0@0 2=1@1 3=2@2 +3@3"],
  ["a changed one before one that was put in", "abc", "xaybc", "+0@0 0=1@1 +2@2"],
  ["more gone than new in a gap", "abcd", "xd", "0=0@0 -2@2 -1@1"],
  ["more new than gone in a gap", "ad", "axyd", "+1@1 +2@2"],
  ["pairs before what is added in a gap", "pad", "pxyzd", "1=1@1 +2@2 +3@3"],
  ["two that are equal, with one between gone", "xabcay", "abaz", "-0@0 1=0@0 2=1@1 -3@2 4=2@2 5=3@3"],
  ["the longest run that stays", "abcdef", "dabfce", "+0@0 0=1@1 1=2@2 +3@3 2=4@4 -3@5 4=5@5 -5@6"],
];

test.each(letters)("the steps of %s", (_, a, b, steps) => {
  const leaf = (letter: string) => (letter === "b" ? null : letter);
  const [before, after] = [[...a].map(leaf), [...b].map(leaf)];
  expect(alignArrays(before, after).map(shown).join(" ")).toBe(steps);
  // leaves have no identity but their content
  expect(alignByContent(before, after, types).map(shown).join(" ")).toBe(steps);
});

test("elements that hold the same are matched in their order, however often they come", () => {
  const of = (letters: string) => [...letters].map((v) => ({ v }));
  const steps = (a: string, b: string) =>
    alignByContent(of(a), of(b), types)
      .filter((step) => step.op !== "both" || a[step.from] !== b[step.to])
      .map(shown)
      .join(" ");
  expect(steps("xxx", "yxxx")).toBe("+0@0");
  expect(steps("zxxx", "xxx")).toBe("-0@0");
  expect(steps("xxxx", "xxx")).toBe("-3@3");
});

/** What the steps make of `a`; undefined where one is not at its place. */
function replayed(a: readonly unknown[], b: readonly unknown[], steps: readonly Step[]): unknown {
  const list = [...a];
  for (const step of steps) {
    if (step.op !== "add" && list[step.index] !== a[step.from]) return undefined;
    if (step.op === "both") list[step.index] = b[step.to];
    else if (step.op === "remove") list.splice(step.index, 1);
    else if (step.index > list.length) return undefined;
    else list.splice(step.index, 0, b[step.to]);
  }
  return list;
}

function words(letters: string, longest: number): string[] {
  const all = [""];
  for (const word of all) if (word.length < longest) for (const letter of letters) all.push(word + letter);
  return all;
}

test("the steps lead from any short list to any other", () => {
  const wrong: unknown[] = [];
  const all = words("abc", 3).map((word) => [...word]);
  for (const a of all)
    for (const b of all) {
      const after = replayed(a, b, alignArrays(a, b));
      if (String(after) !== String(b)) wrong.push([a, b, after]);
    }
  expect(wrong).toEqual([]);
});

/** How many equal elements two lists begin with, or end with. */
function alikeAt(a: readonly unknown[], b: readonly unknown[], side: "begin" | "end"): number {
  const at = (list: readonly unknown[], i: number) => list.at(side === "begin" ? i : -1 - i);
  let n = 0;
  while (n < Math.min(a.length, b.length) && at(a, n) === at(b, n)) n++;
  return n;
}

const elements: readonly (readonly [by: string, made: (letter: string) => object])[] = [
  ["what they hold", (letter) => ({ v: letter })],
  ["their ids", (letter) => ({ id: letter })],
  ["the lists that they are", (letter) => [letter]],
];

test.each(elements)(
  "elements known by %s are aligned alike, whichever of them are the same objects",
  (_, made) => {
    const wrong: unknown[] = [];
    const all = words("ab", 4).map((word) => [...word]);
    for (const a of all)
      for (const b of all) {
        const before = a.map(made);
        const [begin, end] = [alikeAt(a, b, "begin"), alikeAt(a, b, "end")];
        const steps = (isShared: (j: number) => unknown) => {
          const after = b.map((letter, j) => {
            const inEnd = j >= b.length - end;
            const same = before[inEnd ? j - b.length + a.length : j];
            return same !== undefined && isShared(j) ? same : made(letter);
          });
          const found = alignByContent(before, after, types);
          if (JSON.stringify(replayed(before, after, found)) !== JSON.stringify(after))
            wrong.push([a, b, found]);
          return found.filter((step) => step.op !== "both" || a[step.from] !== b[step.to]).map(shown);
        };
        const apart = String(steps(() => false));
        const shared = [(j: number) => j < begin, (j: number) => j >= b.length - end].map(steps);
        for (const found of shared) if (String(found) !== apart) wrong.push([a, b, apart, found]);
      }
    expect(wrong.slice(0, 3)).toEqual([]);
  },
);

/** The length of the longest common subsequence. */
function common(a: string, b: string): number {
  if (a === "" || b === "") return 0;
  if (a[0] === b[0]) return 1 + common(a.slice(1), b.slice(1));
  return Math.max(common(a.slice(1), b), common(a, b.slice(1)));
}

test("as many as can stay in their order stay: they are no step, or both at once", () => {
  const wrong: unknown[] = [];
  const a = "abcd";
  // shorter ones only: of as many elements as before, few that differ are changed where they are
  for (const b of words("abcdx", 3).filter((word) => new Set(word).size === word.length)) {
    const steps = alignArrays([...a], [...b]);
    const gone = steps.filter(
      (step) => step.op === "remove" || (step.op === "both" && a[step.from] !== b[step.to]),
    );
    if (gone.length !== a.length - common(a, b)) wrong.push([b, steps]);
  }
  expect(wrong).toEqual([]);
});

test("an element that is not the same object is recognised by its own id", () => {
  const of = (id: unknown, v = 0) => ({ id, v });
  const steps = (a: readonly unknown[], b: readonly unknown[]) => alignArrays(a, b).map(shown).join(" ");
  const gone = of(0);
  expect(steps([gone, of(1), of(2)], [of(1), of(2)])).toBe("-0@0 1=0@0 2=1@1");
  expect(steps([gone, { _id: 1 }, { _id: 2 }], [{ _id: 1 }, { _id: 2 }])).toBe("-0@0 1=0@0 2=1@1");
  const [five, six] = [of(new Money(5)), of(new Money(6))];
  expect(steps([gone, five, six], [of(new Money(5)), of(new Money(6))])).toBe("-0@0 1=0@0 2=1@1");
  // a text is not the number that it spells, and none of the others is an id
  for (const [one, other] of [
    [of("1"), of(1)],
    [{ _id: null }, { _id: null }],
    [{ id: undefined }, {}],
    [of({}), of({})],
  ])
    expect(steps([gone, one, of(9)], [other, of(9)])).toBe("0=0@0 -1@1 2=1@1");
  const same = of(1, 5);
  // identity goes first: an element that is recognised by it is not looked for by its id, nor found by it
  expect(steps([gone, of(1), same, of(2)], [same, of(3)])).toBe("-1@1 -0@0 2=0@0 3=1@1");
  expect(steps([gone, same, of(2)], [same, of(1, 6)])).toBe("-0@0 1=0@0 2=1@1");
});

test("an element's own id is its id, or else its _id, unless it holds values itself", () => {
  const found = [{ id: 1 }, { _id: 2 }, { id: null, _id: 3 }, { id: 4, _id: 5 }, { id: "" }, { id: false }];
  expect(found.map(ownId)).toEqual([1, 2, 3, 4, "", false]);
  const without = [{}, { id: {} }, { id: [] }, { id: {}, _id: 1 }, null, "id", [1], new Date(0)];
  expect(without.map(ownId)).toEqual(without.map(() => undefined));
  expect(ownId(Object.assign([], { id: 1 }))).toBe(undefined);
  const id = new Money(1);
  expect(ownId({ id })).toBe(id);
});

test("two lists look like one thing, and two objects unless their ids differ; two leaves never do", () => {
  const one: readonly (readonly [unknown, unknown])[] = [
    [[], [1]],
    [{ a: 1 }, { b: 2 }],
    [{ id: 1, v: 1 }, { id: 1 }],
    [{ id: new Money(1) }, { id: new Money(1) }],
    [{ id: new Date(5) }, { _id: new Date(5) }],
    [{ id: { k: 1 } }, { id: { k: 2 } }],
  ];
  const two: readonly (readonly [unknown, unknown])[] = [
    [[], {}],
    [{ id: 1 }, { id: 2 }],
    [{ id: 1 }, {}],
    [{ id: 1 }, { id: "1" }],
    [{ id: new Date(5) }, { id: new Date(6) }],
    [1, 1],
    [{}, 1],
    [{}, new Date(0)],
    [null, null],
    [new Date(0), new Date(0)],
  ];
  for (const [a, b] of one) expect([a, b, looksLikeOne(a, b, types)]).toEqual([a, b, true]);
  for (const [a, b] of two) expect([a, b, looksLikeOne(a, b, types)]).toEqual([a, b, false]);
  for (const [a, b] of two) expect([b, a, looksLikeOne(b, a, types)]).toEqual([b, a, false]);
});
