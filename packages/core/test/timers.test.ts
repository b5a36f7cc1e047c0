import { createHook } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { createStore } from "../src/index.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";

/** Beside faked timers: the real ones that the library started and did not stop, by the files that started them. */
async function timersLeft(work: () => Promise<void>): Promise<readonly string[]> {
  const running = new Map<number, string>();
  const hook = createHook({
    init: (id, type) => {
      const file = /core\/src\/(\S+?):/.exec(new Error().stack ?? "")?.[1];
      if (type === "Timeout" && file !== undefined) running.set(id, file);
    },
    destroy: (id) => running.delete(id),
  }).enable();
  try {
    // as sinon's are: they know their own timers alone
    vi.stubGlobal("setTimeout", () => ({}));
    vi.stubGlobal("clearTimeout", () => undefined);
    await work();
    // ends are told in the turn after
    await nextTurn();
    await nextTurn();
    return [...running.values()];
  } finally {
    hook.disable();
    vi.unstubAllGlobals();
  }
}

test("beside faked timers no timer of the process is left behind", async () => {
  const left = timersLeft(async () => {
    const store = createStore<{ n: number }>({ collection: "timers", storage: memoryStorage() });
    await store.create("d", "alice", { n: 1 });
    await Promise.all([1, 2, 3].map(() => store.edit("d", "bob", (draft) => void draft.n++)));
    await store.get("d");
    await store.close();
  });
  expect(await left).toEqual([]);
});

test("a view that is written later, at the end, leaves no timer behind either", async () => {
  const storage = memoryStorage();
  let refuses = true;
  const store = createStore<{ n: number }>({
    collection: "timers",
    storage: {
      ...storage,
      open: async (name, call) => {
        const opened = await storage.open(name, call);
        const fail = async () => {
          throw new Error("no views today");
        };
        return {
          ...opened,
          log: {
            ...opened.log,
            commit: async (appends, order, limits) => {
              const outcomes = await opened.log.commit(
                appends.map(({ event }) => ({ event })),
                order,
                limits,
              );
              return outcomes.map((outcome) =>
                outcome.event === "stored" ? { event: "stored", view: "behind" } : outcome,
              );
            },
          },
          views: {
            ...opened.views,
            write: (view, over, limits) => (refuses ? fail() : opened.views.write(view, over, limits)),
          },
        };
      },
    },
  });
  const left = timersLeft(async () => {
    expect(await store.create("d", "alice", { n: 1 })).toMatchObject({ view: "behind" });
    refuses = false;
    await store.close();
  });
  expect(await left).toEqual([]);
  expect(await createStore({ collection: "timers", storage }).get("d")).toEqual({ n: 1 });
});
