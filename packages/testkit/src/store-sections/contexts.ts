import { AsyncLocalStorage } from "node:async_hooks";
import { defineProjection, type Notice, type State, type StateProjection } from "@everdraft/core";
import { StorageError } from "@everdraft/core/adapter";
import { rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { type Order, order, setNote } from "./order.ts";
import { rivalled } from "./rivalled.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

const users = ["ann", "bob", "cat", "dan"];

/** A projection that tells when rows are made, of which document and for whom. */
function noting(note: (id: string, by: unknown) => void): StateProjection<State<Order>, { id: string }> {
  return defineProjection({
    name: "contexts",
    version: 1,
    rows: (_: State<Order>, { id, by }) => {
      note(id, by);
      return { id };
    },
  });
}

const away = new StorageError({ operation: "store", reason: "the storage is away", remedy: "Put it back." });

/** In whose async context the functions run that callers hand in. */
export const contexts: StoreSection = librarySection("async contexts", {
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
    const seen: (string | undefined)[] = [];
    const told: [Notice["type"], string | undefined][] = [];
    const onNotice = ({ type }: Notice): void => void told.push([type, context.getStore()]);
    const open: StoreBench["open"] = (options) => bench.open({ onNotice, ...options });
    const { store } = await context.run("home", () => rivalled({ ...bench, open }, 3));
    await context.run("ann", () =>
      store.edit("o-1", "ann", (draft) => {
        seen.push(context.getStore());
        draft.note = "mine";
      }),
    );
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(new Set(seen)).toEqual(new Set(["ann"]));
    expect(told).toEqual(Array.from({ length: 3 }, () => ["conflict-retry", "ann"]));
  },

  "what a call is told of its own event is told in its context": async (bench) => {
    const context = new AsyncLocalStorage<string>();
    const told: [Notice["type"], string | undefined][] = [];
    let commits = 0;
    const storage = wrapStorage(bench.storage, ({ log }) => ({
      log: {
        commit: async (appends, ...rest) =>
          ++commits === 1 ? [{ event: "unknown", cause: away }] : log.commit(appends, ...rest),
      },
    }));
    await bench.open().create("o-1", "alice", order());
    bench.clock.now -= 3_600_000;
    const store = context.run("home", () =>
      bench.open({ storage, onNotice: ({ type }) => void told.push([type, context.getStore()]) }),
    );
    await Promise.all(users.map((user) => context.run(user, () => store.edit("o-1", user, setNote(user)))));
    // the first chain is sent again by the first of its calls
    expect(told.toSorted()).toEqual([...users.map((user) => ["future-head", user]), ["resend", "ann"]]);
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
    const projections = [noting((_, by) => seen.push(`${by} ${context.getStore()}`))];
    const store = context.run("home", () => bench.open({ projections }));
    await Promise.all(users.map((user) => context.run(user, () => store.create(user, user, order()))));
    const together = (user: string) => context.run(user, () => store.edit("ann", user, setNote(user)));
    await Promise.all(users.map(together));
    const at = new Date(bench.clock.now);
    await context.run("eve", () => store.import([{ id: "eve", at, by: "eve", state: order() }]));
    // rows that a sweep brings forward, right after the opening, are made at home
    const ofCalls = seen.filter((one) => !one.endsWith(" home"));
    // whose events are stored together show the last one alone
    expect(new Set(ofCalls.slice(0, users.length))).toEqual(new Set(users.map((user) => `${user} ${user}`)));
    for (const one of ofCalls) expect(one.split(" ")[0]).toBe(one.split(" ")[1]);
    expect(ofCalls.slice(-2)).toEqual(["dan dan", "eve eve"]);
  },

  "rows that are tried again after their call ended, or swept at the opening, are made where the store was":
    async (bench) => {
      const context = new AsyncLocalStorage<string>();
      const seen: [string, string | undefined][] = [];
      const projections = [noting((id) => seen.push([id, context.getStore()]))];
      let writes = 0;
      const storage = wrapStorage(bench.storage, ({ log }) => ({
        log: {
          commit: (appends, ...rest) =>
            log.commit(
              appends.map(({ rows: _, ...append }) => append),
              ...rest,
            ),
        },
        rows: {
          write: async () => {
            if (++writes === 1) throw away;
            return "current";
          },
        },
      }));
      const store = context.run("home", () => bench.open({ storage, projections, sweep: false }));
      await context.run("ann", () => store.create("o-1", "ann", order()));
      await expect.poll(() => seen.at(-1)).toEqual(["o-1", "home"]);
      expect(new Set(seen.slice(0, -1).map(String))).toEqual(new Set(["o-1,ann"]));
      seen.length = 0;
      const other = context.run("home", () => bench.open({ projections }));
      await context.run("ann", () => other.ready());
      await expect.poll(() => seen).toEqual([["o-1", "home"]]);
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
    expect(new Set(commits)).toEqual(new Set(["home"]));
    const at = new Date(bench.clock.now);
    await context.run("eve", async () => {
      await store.import([{ id: "eve", at, by: "eve", state: order() }]);
      await store.sweep();
      await rebuild(store, { projection: "view" });
    });
    expect(new Set(clock)).toEqual(new Set(["home"]));
  },
});
