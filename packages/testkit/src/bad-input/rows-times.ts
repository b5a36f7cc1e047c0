import { ClockSkewError, createStore, IndeterminateError, type Store, TimeoutError } from "@everdraft/core";
import { expect } from "vitest";
import { orders } from "../store-sections/store-bench.ts";
import { wrapStorage } from "../store-sections/wrap-storage.ts";
import { type Held, heldStore } from "./held-store.ts";
import { type BadInputRow, type OwnErrorRow, type RefusedRow, rowsOf } from "./row.ts";
import type { Doc, Scene } from "./scene.ts";
import { secret } from "./secret.ts";

const bump = (draft: Doc): void => {
  draft.n++;
};
const reason = new Error(secret);
const given = { signal: AbortSignal.abort(reason) };

const withSignal: Readonly<Record<string, (store: Store<Doc>) => unknown>> = {
  create: (store) => store.create("new", "bob", { n: 1 }, given),
  edit: (store) => store.edit("d", "bob", bump, given),
  replace: (store) => store.replace("d", "bob", { n: 1 }, given),
  delete: (store) => store.delete("d", "bob", given),
  restore: (store) => store.restore("gone", "bob", given),
  revert: (store) => store.revert("d", "bob", { version: 1 }, given),
  get: (store) => store.get("d", given),
  getMany: (store) => store.getMany(["d"], given),
  exists: (store) => store.exists("d", given),
  read: (store) => store.read("d", undefined, given),
  stateAt: (store) => store.stateAt("d", { version: 1 }, given),
  history: (store) => store.history("d", given).toArray(),
  changes: (store) => store.changes(given).toArray(),
  activity: (store) => store.activity({ bucket: "day", ...given }),
  "asOf().get": (store) => store.asOf(new Date(0)).get("d", given),
  "asOf().getMany": (store) => store.asOf(new Date(0)).getMany(["d"], given),
  "asOf().find": (store) => store.asOf(new Date(0)).find({}, given).toArray(),
  "asOf().count": (store) => store.asOf(new Date(0)).count({}, given),
  diff: (store) => store.diff("d", { version: 1 }, { version: 2 }, given),
  undo: (store) => store.undo("d", "bob", { version: 2 }, given),
  planUndo: (store) => store.planUndo("d", { version: 2 }, given),
  blame: (store) => store.blame("d", undefined, given),
  find: (store) => store.find({}, given).toArray(),
  count: (store) => store.count({}, given),
  import: (store) => store.import([{ id: "new", at: new Date(5), by: "bob", state: {} }], given),
  resolve: (store) => store.resolve("d", { eventId: "e", version: 9 }, given),
  verify: (store) => store.verify("d", given),
  repair: (store) => store.repair("d", given),
  sweep: (store) => store.sweep(given),
};

const aborted: OwnErrorRow[] = [
  ...Object.entries(withSignal).map(([call, use]) => ({
    title: `${call} with a signal that is aborted already`,
    provoke: ({ store }: Scene) => use(store),
    own: reason,
    once: true as const,
  })),
  holding("read", {
    title: "an edit that is aborted while the storage is read",
    own: reason,
    once: true,
    provoke: async ({ store, reached }) => {
      const controller = new AbortController();
      const edited = store.edit("d", "bob", bump, { signal: controller.signal });
      void reached.then(() => controller.abort(reason));
      return edited;
    },
  }),
];

/** Makes a row about a storage that hangs: it hangs while the call fails, and is let go before the store goes on. */
function holding<R extends Omit<BadInputRow, "provoke" | "goOn">>(
  at: "read" | "commit",
  row: R & {
    readonly provoke: (held: Held) => unknown;
    readonly check?: (held: Held, scene: Scene) => unknown;
  },
): Omit<R, "provoke"> & Pick<BadInputRow, "provoke" | "goOn"> {
  const holds = new WeakMap<Scene, Held>();
  return {
    ...row,
    provoke: (scene) => {
      const held = heldStore(scene, at);
      holds.set(scene, held);
      return row.provoke(held);
    },
    goOn: async (scene) => {
      const held = holds.get(scene) as Held;
      held.release();
      await row.check?.(held, scene);
      return scene.store;
    },
  };
}

const times: RefusedRow[] = [
  ...rowsOf({ error: TimeoutError, code: "timeout" }, [
    holding("read", {
      title: "an edit whose time is used up by a storage that hangs when it is read",
      once: true,
      provoke: ({ store }) => store.edit("d", "bob", bump, { timeoutMs: 30 }),
      details: { id: "d", timeoutMs: 30 },
      remedy: /give it more timeoutMs. Nothing of it was stored, so it may be tried again/,
    }),
  ]),
  ...rowsOf({ error: IndeterminateError, code: "indeterminate" }, [
    holding("commit", {
      title: "an edit whose time is used up by a storage that hangs when it stores",
      provoke: ({ store }) => store.edit("d", "bob", bump, { timeoutMs: 30 }),
      details: { id: "d", version: 3, eventId: expect.any(String) },
      remedy: /Ask resolve\(id, \{ eventId: "\w+", version: 3 \}\)/,
    }),
    holding("commit", {
      title: "an edit that is aborted while its event is under way",
      provoke: async ({ store, reached }) => {
        const controller = new AbortController();
        const edited = store.edit("d", "bob", bump, { signal: controller.signal });
        void reached.then(() => controller.abort(reason));
        return edited;
      },
      details: { id: "d", version: 3, eventId: expect.any(String) },
      remedy: /Ask resolve/,
      cause: reason,
    }),
  ]),
  ...rowsOf({ error: ClockSkewError, code: "clock_skew" }, [
    {
      title: "an edit behind an event of the server's future",
      prepare: async (scene) => {
        const ahead = scene.cold({ clock: () => Date.now() + 3_600_000 });
        await ahead.edit("d", "alice", bump);
      },
      provoke: async ({ bench }) => {
        const storage = wrapStorage({ ...bench.storage, clockOffset: async () => 0 }, () => ({}));
        const store = createStore<Doc>({ collection: orders, storage });
        return store.edit("d", "bob", bump);
      },
      details: { id: "d", headAt: expect.any(String), now: expect.any(String) },
      remedy: /\{ acceptFutureHead: true \} goes on with the head's time/,
    },
  ]),
];

/** Signals, time limits and clocks. */
export const timeRows: readonly BadInputRow[] = [...aborted, ...times];
