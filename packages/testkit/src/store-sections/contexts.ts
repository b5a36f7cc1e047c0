import { AsyncLocalStorage } from "node:async_hooks";
import { defineProjection, type State } from "@everdraft/core";
import { expect } from "vitest";
import { type Order, order, setNote } from "./order.ts";
import { rivalled } from "./rivalled.ts";
import { type StoreSection, storeSection } from "./store-section.ts";
import { wrapStorage } from "./wrap-storage.ts";

const users = ["ann", "bob", "cat", "dan"];

/** In whose async context the functions run that callers hand in. */
export const contexts: StoreSection = storeSection("async contexts", {
  "a recipe runs in the context of its own call, however many wait together": async ({ open }) => {
    const store = open();
    const context = new AsyncLocalStorage<string>();
    await store.create("o-1", "alice", order());
    const seen: [string, string | undefined][] = [];
    const edit = (user: string) =>
      context.run(user, () =>
        store.edit("o-1", user, (draft) => {
          seen.push([user, context.getStore()]);
          draft.lines.push({ id: user, qty: 1 });
        }),
      );
    await Promise.all([
      ...users.map(edit),
      store.edit("o-1", "nobody", () => void seen.push(["", context.getStore()])),
    ]);
    expect(seen.length).toBeGreaterThanOrEqual(users.length + 1);
    for (const [user, found] of seen) expect(found).toBe(user === "" ? undefined : user);
  },

  "a recipe that runs again runs in the context of its call, and so does the notice of it": async (bench) => {
    const context = new AsyncLocalStorage<string>();
    const { store } = await rivalled(bench, 3);
    const seen: (string | undefined)[] = [];
    await context.run("ann", () =>
      store.edit("o-1", "ann", (draft) => {
        seen.push(context.getStore());
        draft.note = "mine";
      }),
    );
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(new Set(seen)).toEqual(new Set(["ann"]));
  },

  "migrations of a call run in its context": async (bench) => {
    const context = new AsyncLocalStorage<string>();
    const old = bench.open();
    for (const user of users) await old.create(user, "alice", order());
    const seen: (string | undefined)[] = [];
    const store = context.run("home", () =>
      bench.open({
        schemaVersion: 2,
        migrations: {
          1: (state: Order) => {
            seen.push(context.getStore());
            return { ...state, migrated: true };
          },
        },
      }),
    );
    const edit = (user: string) => context.run(user, () => store.edit(user, user, setNote(user)));
    await Promise.all(users.map(edit));
    expect(seen.toSorted()).toEqual(users);
  },

  "rows are made in the context of the call whose event they show": async (bench) => {
    const context = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const projection = defineProjection({
      name: "contexts",
      version: 1,
      rows: (_: State<Order>, { by }) => {
        seen.push(`${by} ${context.getStore()}`);
        return { by: String(by) };
      },
    });
    const store = context.run("home", () => bench.open({ projections: [projection] }));
    await Promise.all(users.map((user) => context.run(user, () => store.create(user, user, order()))));
    const together = (user: string) => context.run(user, () => store.edit("ann", user, setNote(user)));
    await Promise.all(users.map(together));
    // what a sweep brings forward, right after the opening, is made at home
    const ofCalls = seen.filter((one) => !one.endsWith(" home"));
    // whose events are stored together show the last one alone
    expect(new Set(ofCalls.slice(0, users.length))).toEqual(new Set(users.map((user) => `${user} ${user}`)));
    for (const one of ofCalls) expect(one.split(" ")[0]).toBe(one.split(" ")[1]);
    expect(ofCalls.at(-1)).toBe("dan dan");
  },

  "the clock, and a batch that several calls share, run in the context in which the store was made": async (
    bench,
  ) => {
    const context = new AsyncLocalStorage<string>();
    const [clock, commits]: [(string | undefined)[], (string | undefined)[]] = [[], []];
    const storage = wrapStorage(bench.storage, ({ log }) => ({
      log: {
        commit: (...given) => {
          commits.push(context.getStore());
          return log.commit(...given);
        },
      },
    }));
    const store = context.run("home", () =>
      bench.open({
        storage,
        clock: () => {
          clock.push(context.getStore());
          return bench.clock.now;
        },
      }),
    );
    await Promise.all(users.map((user) => context.run(user, () => store.create(user, user, order()))));
    await Promise.all(
      users.map((user) =>
        context.run(user, () =>
          store.edit("ann", user, (draft) => void draft.lines.push({ id: user, qty: 1 })),
        ),
      ),
    );
    expect(new Set(clock)).toEqual(new Set(["home"]));
    expect(new Set(commits)).toEqual(new Set(["home"]));
  },
});
