// The state that a draft stands for: what is copied, what is shared, and what a copy would lose.
import { Immer, isDraft } from "immer";
import { expect, test } from "vitest";
import { showPath } from "../src/errors/show.ts";
import { copyDraft } from "../src/patch/copy-draft.ts";
import { normalise } from "../src/value/normalise.ts";
import { thrownBy, oddTypes as types } from "./odd-types.ts";

interface State {
  a: { n?: number; b: unknown[]; c?: unknown };
  same: { deep: unknown[] };
  list: unknown[];
  extra?: unknown;
}

const base = normalise<State>({ a: { n: 1, b: [{ c: 1 }, [2]] }, same: { deep: [1] }, list: [1, 2] }, types);
const drafts = new Immer({ autoFreeze: false });

/** A draft of the base after an edit. */
function edited(edit: (draft: State) => unknown = () => undefined): State {
  const draft = drafts.createDraft(base);
  edit(draft);
  return draft;
}

const put = (extra: unknown) => (draft: State) => {
  draft.extra = extra;
};

function holdsDraft(value: unknown): boolean {
  if (isDraft(value)) return true;
  return value !== null && typeof value === "object" && Object.values(value).some(holdsDraft);
}

test("of a draft that was not changed it is the base itself, also where it was looked into", () => {
  expect(copyDraft(edited())).toBe(base);
  expect(copyDraft(edited((draft) => void draft.a.b[0]))).toBe(base);
});

test("what changed is copied as plain values, what did not is the same object", () => {
  const draft = edited((draft) => {
    draft.a.n = 2;
    draft.list.push(3);
  });
  const copy = copyDraft(draft);
  expect(copy).toEqual({ ...base, a: { ...base.a, n: 2 }, list: [1, 2, 3] });
  expect(holdsDraft(copy)).toBe(false);
  expect(Object(copy).same).toBe(base.same);
  expect(Object(copy).a.b).toBe(base.a.b);
  expect(base).toEqual({ a: { n: 1, b: [{ c: 1 }, [2]] }, same: { deep: [1] }, list: [1, 2] });
});

test("the drafts live on, and later edits do not reach the copy", () => {
  const draft = edited((draft) => {
    draft.a.n = 2;
  });
  const copy = copyDraft(draft);
  draft.a.n = 3;
  draft.same.deep.push(2);
  expect(copy).toEqual({ ...base, a: { ...base.a, n: 2 } });
  expect(copyDraft(draft)).toEqual({ ...base, a: { ...base.a, n: 3 }, same: { deep: [1, 2] } });
});

test("a draft inside of what was put in is copied as it stands, and what was put in is left as it is", () => {
  const when = new Date(5);
  const given: { was?: unknown; list: unknown[]; when: Date } = { list: [[1]], when };
  const copy = copyDraft(
    edited((draft) => {
      draft.a.n = 7;
      given.was = draft.a;
      given.list.push(draft.same);
      draft.extra = given;
    }),
  );
  const changed = { n: 7, b: base.a.b };
  expect(copy).toEqual({
    ...base,
    a: changed,
    extra: { was: changed, list: [[1], base.same], when },
  });
  expect(holdsDraft(copy)).toBe(false);
  expect(Object(copy).extra.list[1]).toBe(base.same);
  expect(Object(copy).extra).not.toBe(given);
  expect(Object(copy).extra.list[0]).not.toBe(given.list[0]);
  expect([isDraft(given.was), isDraft(given.list[1]), Object.isFrozen(given)]).toEqual([true, true, false]);
});

const named = () => Object.assign([1], { more: 1 });
const marked = () => Object.assign([1], { [Symbol("s")]: 1 });
const losses: readonly (readonly [
  what: string,
  edit: (draft: State) => unknown,
  path: readonly (string | number)[],
])[] = [
  ["a hole in a list that was changed", (draft) => Reflect.set(draft.list, 4, 1), ["list"]],
  ["a list that was made longer", (draft) => Reflect.set(draft.list, "length", 3), ["list"]],
  ["a list with a named property", put(named()), ["extra"]],
  ["a list with a symbol as a key", put(marked()), ["extra"]],
  ["a list with a hole", put(Array(2)), ["extra"]],
  ["such a list in a list", (draft) => void draft.list.push([[], named()]), ["list", 2, 1]],
  ["such a list in a list in place of one", (draft) => draft.a.b.splice(1, 1, named()), ["a", "b", 1]],
  ["such a list in an object", put({ x: { y: named() } }), ["extra", "x", "y"]],
  [
    "such a list in a draft inside of what was put in",
    (draft) => {
      draft.a.c = named();
      draft.list[0] = { was: draft.a };
      draft.a = { b: [] };
    },
    ["list", 0, "was", "c"],
  ],
];

test.each(losses)("%s is refused with its path, since its copy would lose it", (_, edit, path) => {
  const reason = "the array has holes or named properties; fill the holes with null, or use an object";
  expect(thrownBy(() => copyDraft(edited(edit)))).toMatchObject({
    name: "ValueError",
    details: { path, reason },
    message: `Cannot store the value at ${showPath(path)}: ${reason}.`,
  });
});

test("nothing is lost of lists that hold their elements, whatever these are", () => {
  const list = [[], [[undefined]], new Date(1), new Map(), null, { length: 3 }, () => 1];
  const copy = copyDraft(edited(put(list)));
  expect(copy).toEqual({ ...base, extra: list });
});

test("what was put in frozen is not copied, so nothing of it can be lost", () => {
  for (const frozen of [Object.freeze(named()), Object.freeze({ list: named() })]) {
    const copy = copyDraft(edited(put(frozen)));
    expect(Object(copy).extra).toBe(frozen);
  }
});

test("a draft in a frozen object is what it stands for, and the object itself is left alone", () => {
  const draft = edited();
  const frozen = Object.freeze({ was: draft.a, list: Object.freeze([draft.same, 1]), date: new Date(5) });
  put(frozen)(draft);
  Reflect.set(draft.a, "extra", 1);
  const copy = Object(copyDraft(draft));
  expect(copy.extra).toEqual({ was: { ...base.a, extra: 1 }, list: [base.same, 1], date: new Date(5) });
  expect(holdsDraft(copy)).toBe(false);
  expect(isDraft(frozen.was)).toBe(true);
  const plain = Object.freeze({ in: Object.freeze([1]) });
  expect(Object(copyDraft(edited(put(plain)))).extra).toBe(plain);
});
