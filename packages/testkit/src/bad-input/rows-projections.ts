import {
  defineProjection,
  type EventProjection,
  OptionsError,
  ProjectionError,
  type ProjectionOf,
  RowsNotBuiltError,
  type State,
  type StateProjection,
} from "@everdraft/core";
import { rebuild } from "@everdraft/core/upkeep";
import type { RefusedRow } from "./row.ts";
import type { Doc, Scene } from "./scene.ts";
import { secret } from "./secret.ts";

type Faulty = Pick<StateProjection<State<Doc>>, "rows"> | Pick<EventProjection, "fold">;

/** The notice of a projection that fails on an edit. */
async function toldOf(scene: Scene, faulty: Faulty): Promise<never> {
  const { bench } = scene;
  const store = bench.open<Doc>({
    collection: "projected",
    projections: [{ name: "faulty", version: 1, ...faulty } as ProjectionOf<State<Doc>, string>],
  });
  await store.create("p", "alice", { name: secret });
  const told = bench.notices.find((notice) => notice.type === "projection-failed");
  throw told?.type === "projection-failed" ? told.cause : new Error("nothing was told");
}

const failing: readonly (readonly [title: string, faulty: Faulty, reason: RegExp])[] = [
  [
    "a projection that throws",
    {
      rows: () => {
        throw new Error(secret);
      },
    },
    /it threw/,
  ],
  ["a projection that returns a promise", { rows: async () => ({}) }, /it returned a promise/],
  ["a projection whose row is a list", { rows: () => [[secret]] }, /a row is a plain object/],
  ["a projection whose row is a text", { fold: () => secret as never }, /a row is a plain object/],
  ["a projection whose row has an _id of its own", { rows: () => ({ _id: 1 }) }, /no field _id of its own/],
  [
    "a projection whose row holds a Map",
    { rows: () => ({ map: new Map() }) },
    /a value that cannot be stored/,
  ],
];

const wrong: readonly (readonly [title: string, projection: object])[] = [
  ["no name", { version: 1, rows: () => ({}) }],
  ["a name with a dot", { name: "a.b", version: 1, rows: () => ({}) }],
  ["a version of 0", { name: "a", version: 0, rows: () => ({}) }],
  ["neither rows nor fold", { name: "a", version: 1 }],
  ["both rows and fold", { name: "a", version: 1, rows: () => ({}), fold: () => ({}) }],
  ["an index without fields", { name: "a", version: 1, rows: () => ({}), indexes: [{ keys: {} }] }],
];

/** Mistakes in projections, and in asking for their rows. */
export const projectionRows: readonly RefusedRow[] = [
  ...failing.map(
    ([title, faulty, reason]): RefusedRow => ({
      error: ProjectionError,
      code: "projection",
      title,
      provoke: (scene) => toldOf(scene, faulty),
      details: { projection: "faulty", id: "p", version: 1 },
      remedy: new RegExp(`${reason.source}.*mend the projection`),
    }),
  ),
  ...wrong.map(
    ([title, projection]): RefusedRow => ({
      error: OptionsError,
      code: "options",
      title: `a projection with ${title}`,
      provoke: () => defineProjection(projection as StateProjection),
      details: { option: "projections" },
      remedy: /The option projections is wrong/,
      once: true,
    }),
  ),
  {
    error: OptionsError,
    code: "options",
    title: "two projections of one name",
    provoke: (scene) => {
      const lines = { name: "lines", version: 1, rows: () => ({}) };
      return scene.cold({ projections: [lines, lines] });
    },
    details: { option: "projections" },
    remedy: /each name is there once/,
    once: true,
  },
  {
    error: OptionsError,
    code: "options",
    title: "rows of a projection that the store does not have",
    provoke: (scene) => scene.store.rows("lines"),
    details: { option: "projection" },
    remedy: /this store has: none/,
    once: true,
  },
  ...[undefined, null, "lines"].map(
    (options): RefusedRow => ({
      error: OptionsError,
      code: "options",
      title: `a rebuild with ${options === undefined ? "nothing" : JSON.stringify(options)} in the place of options`,
      provoke: ({ store }) => rebuild(store, options as never),
      details: { option: "options" },
      remedy: /it is an object with the projection/,
      once: true,
    }),
  ),
  {
    error: RowsNotBuiltError,
    code: "rows_not_built",
    title: "rows of a projection that is new to a collection with documents",
    provoke: (scene) => {
      const projections = [{ name: "lines", version: 1, rows: () => ({}) }];
      return scene.cold({ projections }).rows("lines").find().toArray();
    },
    details: { projection: "lines", version: 1 },
    remedy: /Rebuild it once/,
  },
];
