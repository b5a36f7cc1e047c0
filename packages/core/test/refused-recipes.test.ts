// What a recipe is refused for, and with which words.
import { expect, test } from "vitest";
import { ValueError } from "../src/errors/value-error.ts";
import { type AnyRecipe, runRecipe } from "../src/patch/run-recipe.ts";
import { normalise } from "../src/value/normalise.ts";
import { thrownBy, oddTypes as types } from "./odd-types.ts";

interface State {
  item: { x: number };
  list: { x: number }[];
  extra?: unknown;
}

const base = normalise({ item: { x: 1 }, list: [{ x: 2 }] }, types);
const refusal = (recipe: AnyRecipe, id: string | number = "d") =>
  thrownBy(() => runRecipe(base, recipe, id, types));
const put = (extra: unknown) => (draft: State) => {
  draft.extra = extra;
};

test("a draft of an earlier recipe is refused, wherever it is used", () => {
  const kept: State["item"][] = [];
  runRecipe(base, (draft: State) => void kept.push(draft.item), "d", types);
  const [item] = kept;
  const uses: readonly ((draft: State) => unknown)[] = [
    () => item?.x,
    put(item),
    put({ in: [item] }),
    (draft) => {
      draft.item.x = 5;
      draft.list.push({ x: 3 });
      draft.extra = { in: [item] };
    },
    (draft) => draft.list.splice(0, 1, Object(item)),
    put(Object.freeze({ in: item })),
    () => item,
  ];
  for (const use of uses)
    expect(refusal(use)).toMatchObject({
      name: "KeptDraftError",
      code: "kept_draft",
      details: { id: "d" },
      message: `The recipe for document "d" uses a draft of an earlier recipe. Keep ids or copies made by current(), never drafts.`,
      cause: { name: "TypeError", message: expect.stringContaining("revoked") },
    });
});

test("what a recipe throws reaches its caller as it is", () => {
  const causes = [new Error("mine"), 5, undefined, new TypeError("mine"), new RangeError("mine")];
  const likeOurs = new Error("Cannot perform 'get' on a proxy that has been revoked");
  for (const cause of [...causes, likeOurs, new ValueError({ path: [], reason: "mine" })]) {
    const throwing = () => {
      throw cause;
    };
    expect(refusal(throwing, 7)).toBe(cause);
  }
});

test("a recipe that calls itself without end reaches its caller as any error does", () => {
  const endless = (): void => endless();
  expect(refusal(endless)).toBeInstanceOf(RangeError);
});

const withThen = (then: unknown): object => ({ then });

test("what throws in a value that a recipe puts or returns reaches its caller as it is too", () => {
  for (const cause of [new Error("mine"), new RangeError("mine"), new TypeError("mine"), "mine"])
    expect(thrownInValues(cause)).toEqual([true, true, true]);
  expect(refusal(() => withThen(() => JSON.parse("no")))).toMatchObject({ code: "recipe_async" });
});

/** Whether what a value throws that is put, put into a frozen list, or returned, is what the recipe is refused by. */
function thrownInValues(cause: unknown): boolean[] {
  const throwing = () => {
    throw cause;
  };
  const getter = Object.defineProperty({}, "z", { enumerable: true, get: throwing });
  const name = "then";
  const then = Object.defineProperty({}, name, { get: throwing });
  return [put(getter), put(Object.freeze([getter])), () => then].map((recipe) =>
    Object.is(refusal(recipe), cause),
  );
}

test("what a recipe returns is refused, unless it is the draft", () => {
  const results = [
    null,
    0,
    "",
    false,
    {},
    [],
    () => 1,
    withThen(1),
    Object.assign(
      () => 1,
      withThen(() => 1),
    ),
  ];
  const recipes = [...results.map((result) => () => result), (draft: State) => draft.item];
  for (const recipe of recipes)
    expect(refusal(recipe)).toMatchObject({
      name: "RecipeResultError",
      code: "recipe_result",
      details: { id: "d" },
      message:
        'The recipe for document "d" returned a value. Change the draft and return nothing, or use replace.',
    });
});

test("an asynchronous recipe is refused, and what becomes of its promise is nobody's error", () => {
  const asked: unknown[][] = [];
  const thenable = withThen(function (this: unknown, ...handlers: unknown[]) {
    asked.push([this, ...handlers]);
  });
  const rejects = async (draft: State) => {
    await undefined;
    draft.item.x = 2;
  };
  for (const recipe of [() => thenable, rejects])
    expect(refusal(recipe)).toMatchObject({
      name: "AsyncRecipeError",
      code: "recipe_async",
      details: { id: "d" },
      message: 'The recipe for document "d" is asynchronous. Await what it needs before calling edit.',
    });
  expect(asked).toEqual([[thenable, undefined, expect.any(Function)]]);
});

test("a state that contains itself, or nests without end, is refused", () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1);
  const reason = "it contains itself, or nests too deeply; refer to the outer one by an id";
  const recipes: readonly ((draft: State) => void)[] = [
    put(cyclic),
    (draft) => put({ draft })(draft),
    put(deep),
  ];
  for (const recipe of recipes)
    expect(refusal(recipe)).toMatchObject({
      name: "ValueError",
      details: { path: [], reason },
      cause: { name: "RangeError" },
      message: `Cannot store document "d": ${reason}.`,
    });
  expect(refusal((draft: State) => void Reflect.set(draft.list, "length", 5))).toMatchObject({
    name: "ValueError",
    details: { path: ["list"] },
  });
});
