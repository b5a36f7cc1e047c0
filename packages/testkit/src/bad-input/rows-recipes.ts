import {
  AsyncRecipeError,
  KeptDraftError,
  MutatedValueError,
  OptionsError,
  RecipeResultError,
} from "@everdraft/core";
import { expect } from "vitest";
import { type BadInputRow, type OwnErrorRow, rowsOf } from "./row.ts";
import { type Doc, firstState, type Scene } from "./scene.ts";
import { secret } from "./secret.ts";

const details = { id: "d" };

/** Edits "d" by a recipe of any form. */
function edit({ store }: Pick<Scene, "store">, recipe: (draft: Doc) => unknown): Promise<unknown> {
  return store.edit("d", "bob", recipe as never);
}

/** Keeps a part of the draft of a recipe that changes nothing; in a list, since nobody can await such a draft. */
async function keptFrom(scene: Scene, part: (draft: Doc) => Doc): Promise<[Doc]> {
  const kept: Doc[] = [];
  await edit(scene, (draft) => void kept.push(part(draft)));
  return [kept[0] as Doc];
}

const asynchronous = rowsOf({ error: AsyncRecipeError, code: "recipe_async" }, [
  {
    title: "an async recipe",
    provoke: (scene) =>
      edit(scene, async (draft) => {
        draft.name = secret;
      }),
    details,
    remedy: /Await what it needs before calling edit/,
  },
  {
    title: "an async recipe that rejects, which troubles nobody later",
    provoke: (scene) =>
      edit(scene, async (draft) => {
        draft.name = "changed";
        throw new Error(secret);
      }),
    details,
    remedy: /Await/,
  },
  {
    title: "a recipe that uses its draft after an await",
    provoke: (scene) =>
      edit(scene, async (draft) => {
        await Promise.resolve();
        draft.name = secret;
      }),
    details,
    remedy: /Await/,
  },
  {
    title: "a recipe that gives something like a promise",
    // biome-ignore lint/suspicious/noThenProperty: the thenable is the point
    provoke: (scene) => edit(scene, () => ({ then: () => secret })),
    details,
    remedy: /Await/,
  },
]);

const returned: readonly (readonly [title: string, value: unknown])[] = [
  ["a text", secret],
  ["0", 0],
  ["false", false],
  ["null", null],
  ["a whole state", firstState()],
  ["a list", [secret]],
  ["a symbol", Symbol(secret)],
];
const results = rowsOf(
  { error: RecipeResultError, code: "recipe_result" },
  returned.map(([title, value]) => ({
    title: `a recipe that returns ${title}`,
    provoke: (scene: Scene) =>
      edit(scene, (draft) => {
        draft.n = 9;
        return value;
      }),
    details,
    remedy: /Change the draft and return nothing, or use replace/,
  })),
);

const thrown = [new RangeError(secret), secret, undefined, { text: secret }];
const throwing: readonly OwnErrorRow[] = [
  ...thrown.map((own) => ({
    title: `a recipe that throws ${own instanceof Error ? "an error" : `a value (${typeof own})`}`,
    provoke: (scene: Scene) =>
      edit(scene, (draft) => {
        draft.list.push({ text: secret });
        throw own;
      }),
    own,
  })),
  {
    title: "a recipe that changes a date in place and then throws",
    provoke: (scene) =>
      edit(scene, (draft) => {
        draft.when.setTime(1);
        throw thrown[0];
      }),
    own: thrown[0],
  },
];

const kept = rowsOf({ error: KeptDraftError, code: "kept_draft" }, [
  {
    title: "a recipe that changes the draft of an earlier one",
    provoke: async (scene) => {
      const [earlier] = await keptFrom(scene, (draft) => draft);
      return edit(scene, () => {
        earlier.n = 9;
      });
    },
    details,
    remedy: /copies made by current\(\), never drafts/,
  },
  {
    title: "a recipe that reads a part of an earlier draft",
    provoke: async (scene) => {
      const [earlier] = await keptFrom(scene, (draft) => draft.inner);
      return edit(scene, (draft) => {
        draft.name = earlier.text;
      });
    },
    details,
    remedy: /never drafts/,
  },
  {
    title: "a recipe that puts a part of an earlier draft into its own",
    provoke: async (scene) => {
      const [earlier] = await keptFrom(scene, (draft) => draft.list[0]);
      return edit(scene, (draft) => {
        draft.list.push({ copy: [earlier] });
      });
    },
    details,
    remedy: /never drafts/,
  },
]);

const mutated = rowsOf({ error: MutatedValueError, code: "mutated_value" }, [
  {
    title: "a recipe that changes a date in place",
    provoke: (scene) => edit(scene, (draft) => void draft.when.setFullYear(2030)),
    details: { id: "d", path: ["when"] },
    remedy: /Assign a new value/,
  },
  {
    title: "a recipe that changes a date deep inside, and something else too",
    provoke: (scene) =>
      edit(scene, (draft) => {
        draft.name = secret;
        draft.list[0].when.setTime(7);
      }),
    details: { id: "d", path: ["list", 0, "when"] },
    remedy: /at list\[0\]\.when in place/,
  },
  {
    title: "a recipe that changes bytes in place",
    provoke: (scene) => edit(scene, (draft) => void draft.bytes.fill(9)),
    details: { id: "d", path: ["bytes"] },
    remedy: /Assign a new value/,
  },
]);

const noRecipes = rowsOf(
  { error: OptionsError, code: "options" },
  [undefined, null, secret, { ...firstState() }].map((recipe) => ({
    title: `${recipe === null ? "null" : typeof recipe} in the place of a recipe`,
    provoke: (scene: Scene) => edit(scene, recipe as never),
    details: { option: "recipe", reason: expect.any(String) },
    remedy: /it is a function that changes a draft/,
  })),
);

/** Acts that a recipe must not do. */
export const recipeRows: readonly BadInputRow[] = [
  ...asynchronous,
  ...results,
  ...throwing,
  ...kept,
  ...mutated,
  ...noRecipes,
];
