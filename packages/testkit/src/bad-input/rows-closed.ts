import { ClosedError, type Store } from "@everdraft/core";
import { type RefusedRow, rowsOf } from "./row.ts";
import { type Doc, firstState, type Scene } from "./scene.ts";

const bump = (draft: Doc): void => {
  draft.n++;
};

/** Every call of a store, in a form that would succeed. */
const everyCall: Readonly<Record<string, (store: Store<Doc>) => unknown>> = {
  ready: (store) => store.ready(),
  create: (store) => store.create("new", "bob", firstState()),
  edit: (store) => store.edit("d", "bob", bump),
  replace: (store) => store.replace("d", "bob", firstState()),
  delete: (store) => store.delete("d", "bob"),
  restore: (store) => store.restore("gone", "bob"),
  revert: (store) => store.revert("d", "bob", { version: 1 }),
  get: (store) => store.get("d"),
  getMany: (store) => store.getMany(["d"]),
  exists: (store) => store.exists("d"),
  read: (store) => store.read("d"),
  stateAt: (store) => store.stateAt("d", { version: 1 }),
  history: (store) => store.history("d").toArray(),
  changes: (store) => store.changes().toArray(),
  activity: (store) => store.activity({ bucket: "hour" }),
  diff: (store) => store.diff("d", { version: 1 }, { version: 2 }),
  undo: (store) => store.undo("d", "bob", { version: 2 }),
  redo: (store) => store.redo("d", "bob"),
  planUndo: (store) => store.planUndo("d", { version: 2 }),
  blame: (store) => store.blame("d"),
  find: (store) => store.find().toArray(),
  count: (store) => store.count(),
  import: (store) => store.import([{ id: "new", at: new Date(5), by: "bob", state: firstState() }]),
  resolve: (store) => store.resolve("d", { eventId: "e", version: 9 }),
  verify: (store) => store.verify("d"),
  repair: (store) => store.repair("d"),
  sweep: (store) => store.sweep(),
};

/** Calls of a store that was closed, or whose storage was. */
export const closedRows: readonly RefusedRow[] = rowsOf({ error: ClosedError, code: "closed" }, [
  ...Object.entries(everyCall).map(([call, use]) => ({
    title: `${call} of a store that was closed`,
    provoke: async (scene: Scene) => {
      const store = scene.cold();
      await store.close();
      return use(store);
    },
    details: { what: "store" },
    remedy: /Make a new one/,
    once: true as const,
  })),
  ...["edit", "create", "get", "find", "history", "stateAt"].map((call) => ({
    title: `${call} of a store whose storage was closed`,
    provoke: async ({ bench, store }: Scene) => {
      await bench.storage.close();
      return everyCall[call]?.(store);
    },
    details: { what: "storage" },
    remedy: /Make a new one/,
    ends: true,
  })),
]);
