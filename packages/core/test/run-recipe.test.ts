// What a recipe makes of the state it was given, and what it cannot do to it.
import { expect, test } from "vitest";
import { type AnyRecipe, runRecipe } from "../src/patch/run-recipe.ts";
import { normalise } from "../src/value/normalise.ts";
import type { PlainObject } from "../src/value/value.ts";
import { Money, thrownBy, oddTypes as types } from "./odd-types.ts";

interface State {
  text?: string;
  item: { x: number };
  list: { v: number; at?: Date }[];
  when: Date;
  bytes: Uint8Array;
  money: Money;
  extra?: unknown;
}

function given() {
  const [when, bytes, money] = [new Date(1), Uint8Array.of(1, 2), new Money(1)];
  const list = [{ v: 1 }, { v: 2, at: new Date(2) }, { v: 3 }];
  return normalise({ text: "a", item: { x: 1 }, list, when, bytes, money }, types);
}

const put = (extra: unknown) => (draft: State) => {
  draft.extra = extra;
};

const run = (recipe: AnyRecipe, base: PlainObject = given(), id: string | number = "d") =>
  runRecipe(base, recipe, id, types);

test("what a recipe changes is patches, whether it returns nothing or its draft", () => {
  const edit = (draft: State) => {
    draft.item.x = 2;
    draft.list.unshift({ v: 0 });
    delete draft.text;
    return draft;
  };
  const patches = [
    { op: "remove", path: ["text"] },
    { op: "replace", path: ["item", "x"], value: 2 },
    { op: "add", path: ["list", 0], value: { v: 0 } },
  ];
  expect(run(edit)).toStrictEqual(patches);
  expect(run((draft: State) => void edit(draft))).toStrictEqual(patches);
  expect(run(() => undefined)).toEqual([]);
  expect(run((draft: State) => draft)).toEqual([]);
});

test("values that equal the former ones are no change, though they are others", () => {
  const edit = (draft: State) => {
    draft.item = { x: 1 };
    draft.when = new Date(1);
    draft.bytes = Uint8Array.of(1, 2);
    draft.money = new Money(1);
    draft.list = draft.list.map((one) => ({ ...one }));
  };
  expect(run(edit)).toEqual([]);
});

test("equal elements that change their places are no change", () => {
  const base = normalise({ list: [{ v: 1 }, { v: 1 }], deep: [[{}], [{}]] }, types) as PlainObject;
  const turn = (draft: { list: unknown[]; deep: unknown[][] }) => {
    draft.list.reverse();
    draft.deep.reverse();
  };
  expect(run(turn as AnyRecipe, base)).toEqual([]);
});

test("elements without ids are recognised as the objects that they are", () => {
  const dropFirst = (draft: State) => void draft.list.shift();
  expect(run(dropFirst)).toEqual([{ op: "remove", path: ["list", 0] }]);
  const base = normalise({ list: [{ v: 1 }, { v: 2 }, { v: 3 }] }, types);
  const rewrite = (draft: State) => {
    draft.list = [{ v: 2 }, { v: 3 }];
  };
  expect(run(rewrite, base)).toEqual([
    { op: "replace", path: ["list", 0, "v"], value: 2 },
    { op: "replace", path: ["list", 1, "v"], value: 3 },
    { op: "remove", path: ["list", 2] },
  ]);
});

test("the result is checked as a state: the document's own id is left out, an undefined field is none", () => {
  const edit = (draft: State & { _id?: unknown }) => {
    draft._id = 7;
    draft.text = undefined as never;
  };
  expect(run(edit, given(), 7)).toEqual([{ op: "remove", path: ["text"] }]);
  expect(thrownBy(() => run(edit))).toMatchObject({ name: "ReservedFieldError", details: { field: "_id" } });
  for (const extra of [new Map(), 1n, () => 1, Promise.resolve(1), new (class Own {})()])
    expect(thrownBy(() => run(put(extra)))).toMatchObject({
      name: "ValueError",
      details: { path: ["extra"] },
    });
});

test("what a recipe puts in stays the caller's: not frozen, and changes of it later are not in the patches", () => {
  const mine = { n: 1, list: [{ when: new Date(1) }] };
  const patches = run(put(mine));
  expect([mine, mine.list, mine.list[0]].some(Object.isFrozen)).toBe(false);
  mine.n = 2;
  mine.list[0]?.when.setTime(2);
  expect(patches).toEqual([{ op: "add", path: ["extra"], value: { n: 1, list: [{ when: new Date(1) }] } }]);
});

test("a recipe runs once, whether its result is taken or refused", () => {
  const named = () => Object.assign([1], { more: 1 });
  const refused: readonly (readonly [unknown, readonly (string | number)[]])[] = [
    [new Map(), ["extra"]],
    [{ in: [1n] }, ["extra", "in", 0]],
    [{ first: 1n, list: named() }, ["extra", "list"]],
    [named(), ["extra"]],
    [Object.freeze({ x: [named()] }), ["extra", "x", 0]],
    [Array(2), ["extra"]],
    [{ [Symbol("s")]: 1 }, ["extra"]],
  ];
  let runs = 0;
  const counting = (extra: unknown) => (draft: State) => {
    runs++;
    draft.list.push({ v: 4 });
    draft.extra = extra;
  };
  for (const [extra, path] of refused)
    expect(thrownBy(() => run(counting(extra)))).toMatchObject({ name: "ValueError", details: { path } });
  expect(runs).toBe(refused.length);
  expect(run(counting([undefined, { u: undefined }]))).toEqual([
    { op: "add", path: ["list", 3], value: { v: 4 } },
    { op: "add", path: ["extra"], value: [null, {}] },
  ]);
  expect(runs).toBe(refused.length + 1);
});

test("a draft in something that the recipe froze is what it stands for, as it is in the end", () => {
  const edit = (draft: State) => {
    draft.extra = Object.freeze({ was: draft.item, list: Object.freeze([draft.list[0]]) });
    draft.item.x = 2;
  };
  expect(run(edit)).toEqual([
    { op: "replace", path: ["item", "x"], value: 2 },
    { op: "add", path: ["extra"], value: { was: { x: 2 }, list: [{ v: 1 }] } },
  ]);
});

test("drafts end with their recipe", () => {
  const kept: State["item"][] = [];
  run((draft: State) => void kept.push(draft.item));
  const mine = new Error("mine");
  const throwing = (draft: State) => {
    kept.push(draft.item);
    throw mine;
  };
  expect(thrownBy(() => run(throwing))).toBe(mine);
  expect(kept).toHaveLength(2);
  for (const item of kept) expect(() => item.x).toThrow("revoked");
});

const inPlace: readonly (readonly [path: string, change: (draft: State) => unknown, at: unknown[]])[] = [
  ["when", (draft) => draft.when.setTime(5), ["when"]],
  ["bytes", (draft) => draft.bytes.fill(9), ["bytes"]],
  ["money", (draft) => Object.assign(draft.money, { cents: 5 }), ["money"]],
  ["list[1].at", (draft) => draft.list[1]?.at?.setTime(5), ["list", 1, "at"]],
];

test.each(inPlace)("%s changed in place is refused, and the state keeps it", (shown, change, path) => {
  const unseen = {
    name: "MutatedValueError",
    code: "mutated_value",
    details: { id: "d", path },
    message: `The recipe for document "d" changed the value at ${shown} in place, which no draft can see. Assign a new value.`,
  };
  const base: PlainObject = given();
  expect(thrownBy(() => run((draft: State) => void change(draft), base))).toMatchObject(unseen);
  const mine = new Error("mine");
  const throwing = (draft: State) => {
    change(draft);
    throw mine;
  };
  // what was to be stored is nobody's question any more
  expect(thrownBy(() => run(throwing, base))).toBe(mine);
  const returning = (draft: State) => change(draft) ?? 1;
  expect(thrownBy(() => run(returning, base))).toMatchObject(unseen);
  expect(base).toEqual(given());
});
