import { MigrationError, ReservedFieldError, ValueError } from "@everdraft/core";
import { expect } from "vitest";
import { badValues } from "./bad-values.ts";
import { type RefusedRow, rowsOf } from "./row.ts";
import { type Doc, firstState } from "./scene.ts";
import { secret } from "./secret.ts";
import { handIn, type Way, ways } from "./ways.ts";

const value = { error: ValueError, code: "value" } as const;

const throughWays = badValues.flatMap(({ title, make, at = [], reason }) =>
  [...ways, "meta" as const].map((way): RefusedRow => {
    const path = at === "anywhere" ? expect.any(Array) : ["bad", ...at];
    return {
      ...value,
      title: `${title}, through ${way}`,
      provoke: (scene) =>
        way === "meta"
          ? scene.store.edit("d", "bob", (draft) => void draft.n++, { meta: { bad: make() } })
          : handIn(scene, way, { bad: make() }),
      details: { path, reason: expect.stringMatching(reason) },
      remedy: reason,
    };
  }),
);

const wholeStates = (
  [
    ["null", null],
    ["undefined", undefined],
    ["a text", secret],
    ["a list", [secret]],
    ["a Map", new Map([[secret, 1]])],
    ["a date", new Date()],
  ] as const
).flatMap(([title, state]) =>
  (["create", "replace"] as const).map((way): RefusedRow => {
    return {
      ...value,
      title: `${title} as a whole state, through ${way}`,
      provoke: (scene) => handIn(scene, way, state as never),
      details: { path: [], reason: expect.stringContaining("plain object") },
      remedy: /a state is a plain object/,
    };
  }),
);

const topLevel = ways.flatMap((way: Way): RefusedRow[] => [
  ...(
    [
      ["_everdraft", { version: 9, text: secret }],
      ["_id", secret],
      ["_id", 1],
      ["_id", null],
    ] as const
  ).map(
    ([field, given]): RefusedRow => ({
      error: ReservedFieldError,
      code: "reserved_field",
      title: `the field ${field} (${given === null ? "null" : typeof given}), through ${way}`,
      provoke: (scene) => handIn(scene, way, { [field]: given }),
      details: { field },
      remedy: field === "_id" ? /left out or equal the document's id/ : /use another name/,
    }),
  ),
]);

const elsewhere = [
  ...rowsOf(value, [
    {
      title: "a Map, through import",
      provoke: ({ store }) => {
        const state = { bad: new Map([[1, secret]]) };
        return store.import([{ id: "new", at: new Date(5), by: "bob", state }]);
      },
      details: { path: ["bad"] },
      remedy: /store its fields as a plain object/,
    },
    {
      title: "a draft that was kept, given to replace",
      provoke: async ({ store }) => {
        const kept: Doc[] = [];
        await store.edit("d", "bob", (draft) => void kept.push(draft.inner));
        await store.replace("d", "bob", { ...firstState(), inner: kept[0] });
      },
      details: { path: ["inner"] },
      remedy: /drafts end with their recipe/,
    },
  ]),
  {
    ...({ error: MigrationError, code: "migration", title: "a Map, from a migration" } as const),
    provoke: (scene: { cold: (options: object) => { get(id: string): unknown } }) => {
      const migrations = { 1: () => ({ bad: new Map([[1, secret]]) }) };
      return scene.cold({ schemaVersion: 2, migrations }).get("d");
    },
    details: { id: "d", from: 1 },
    remedy: /the migration gave no state that can be stored\. The cause says why/,
  },
];

/** Every value that is refused, through every call by which values come in. */
export const valueRows: readonly RefusedRow[] = [...throughWays, ...wholeStates, ...topLevel, ...elsewhere];
