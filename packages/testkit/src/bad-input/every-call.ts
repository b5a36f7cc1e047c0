import type { Store } from "@everdraft/core";
import {
  countBehind,
  dropIndex,
  dropOldRows,
  inspect,
  listIndexes,
  migrate,
  rebuild,
  verify,
} from "@everdraft/core/upkeep";
import { type Doc, firstState, type Scene } from "./scene.ts";

/** A call with its options, and whatever else it takes as it should be. */
export type Call = (scene: Scene, options: never) => unknown;

/** The calls of a store that take options. */
type StoreCall = Exclude<keyof Store<Doc>, "ready" | "close" | "rows" | "asOf" | symbol>;

const isObject = (given: unknown): given is object => typeof given === "object" && given !== null;

/** Every call of a store that takes options. */
export const storeCalls: Readonly<Record<StoreCall, Call>> = {
  as: async ({ store }, given) => store.as("bob", given),
  create: ({ store }, given) => store.create("new", "bob", firstState(), given),
  edit: ({ store }, given) => store.edit("d", "bob", (draft) => void draft.n++, given),
  replace: ({ store }, given) => store.replace("d", "bob", firstState(), given),
  delete: ({ store }, given) => store.delete("d", "bob", given),
  restore: ({ store }, given) => store.restore("gone", "bob", given),
  revert: ({ store }, given) => store.revert("d", "bob", { version: 1 }, given),
  undo: ({ store }, given) => store.undo("d", "bob", { version: 2 }, given),
  redo: ({ store }, given) => store.redo("d", "bob", undefined, given),
  planUndo: ({ store }, given) => store.planUndo("d", { version: 2 }, given),
  planRevert: ({ store }, given) => store.planRevert("d", { version: 1 }, given),
  get: ({ store }, given) => store.get("d", given),
  getMany: ({ store }, given) => store.getMany(["d"], given),
  exists: ({ store }, given) => store.exists("d", given),
  read: ({ store }, given) => store.read("d", undefined, given),
  stateAt: ({ store }, given) => store.stateAt("d", { version: 1 }, given),
  diff: ({ store }, given) => store.diff("d", { version: 1 }, { version: 2 }, given),
  blame: ({ store }, given) => store.blame("d", undefined, given),
  history: ({ store }, given) => store.history("d", given).toArray(),
  changes: ({ store }, given) => store.changes(given).toArray(),
  activity: ({ store }, given) =>
    store.activity(isObject(given) ? Object.assign({ bucket: "day" }, given) : given),
  find: ({ store }, given) => store.find({}, given).toArray(),
  count: ({ store }, given) => store.count({}, given),
  explain: ({ store }, given) => store.explain({}, given),
  import: ({ store }, given) => store.import([], given),
  resolve: ({ store }, given) => store.resolve("d", { eventId: "e", version: 1 }, given),
  verify: ({ store }, given) => store.verify("d", given),
  repair: ({ store }, given) => store.repair("d", given),
  sweep: ({ store }, given) => store.sweep(given),
};

/** A store with a projection that has no rows yet. */
const withLines = (scene: Scene): Store<Doc> =>
  scene.cold({ projections: [{ name: "lines", version: 1, rows: () => ({}) }] });

/** The calls that are beside a store, or on its rows. */
export const otherCalls: Readonly<Record<string, Call>> = {
  "rows().find": (scene, given) => withLines(scene).rows("lines").find({}, given).toArray(),
  "rows().count": (scene, given) => withLines(scene).rows("lines").count({}, given),
  "rows().of": (scene, given) => withLines(scene).rows("lines").of("d", given),
  "asOf().get": ({ store }, given) => store.asOf(new Date(0)).get("d", given),
  "asOf().getMany": ({ store }, given) => store.asOf(new Date(0)).getMany(["d"], given),
  "asOf().find": ({ store }, given) => store.asOf(new Date(0)).find({}, given).toArray(),
  "asOf().count": ({ store }, given) => store.asOf(new Date(0)).count({}, given),
  rebuild: ({ store }, given) => rebuild(store, given),
  "verify of a store": ({ store }, given) => verify(store, given),
  migrate: ({ store }, given) => migrate(store, "bob", given),
  inspect: ({ store }, given) => inspect(store, given),
  countBehind: ({ store }, given) => countBehind(store, given),
  listIndexes: ({ store }, given) => listIndexes(store, given),
  dropIndex: ({ store }, given) => dropIndex(store, "n_1", given),
  dropOldRows: (scene, given) => dropOldRows(withLines(scene), "lines", given),
};
