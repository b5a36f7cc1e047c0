import type { ConflictError } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { order } from "./order.ts";
import { refused, storesNothing } from "./refusals.ts";
import { rivalled } from "./rivalled.ts";
import type { StoreSection } from "./store-bench.ts";

/** Two stores on one storage, as two processes have them. */
export const writeConflicts: StoreSection = section("several writers", {
  "a recipe runs again on the newer state when another writer was first": async ({ open, notices }) => {
    const [a, b] = [open(), open()];
    await a.create("o-1", "alice", order());
    await b.edit("o-1", "bob", (draft) => void draft.lines.push({ id: "B", qty: 1 }));
    const seen: number[] = [];
    const edited = await a.edit("o-1", "alice", (draft) => {
      seen.push(draft.lines.length);
      draft.lines.push({ id: "A", qty: 1 });
    });
    expect(seen.at(-1)).toBe(1);
    expect(edited).toMatchObject({ version: 3, by: "alice", changed: true });
    expect(edited.state.lines.map(({ id }) => id)).toEqual(["B", "A"]);
    expect(edited.patches).toEqual([{ op: "add", path: ["lines", 1], value: { id: "A", qty: 1 } }]);
    expect(notices).toContainEqual({ type: "conflict-retry", id: "o-1", version: 2, attempt: 1 });
  },

  "replace, delete, restore and revert go on from the newer state too": async ({ open }) => {
    const [a, b] = [open(), open()];
    const disturb = (text: string) =>
      b.edit("o-1", "bob", (draft) => {
        draft.note = text;
      });
    await a.create("o-1", "alice", order());
    await disturb("1");
    expect(await a.replace("o-1", "alice", order())).toMatchObject({ version: 3, changed: true });
    await disturb("2");
    expect(await a.revert("o-1", "alice", { version: 1 })).toMatchObject({ version: 5, state: order() });
    await disturb("3");
    expect(await a.delete("o-1", "alice")).toMatchObject({ version: 7 });
    await b.restore("o-1", "bob");
    expect(await a.restore("o-1", "alice")).toMatchObject({ version: 8, changed: false, by: "bob" });
    await b.delete("o-1", "bob");
    await refused(
      a.edit("o-1", "alice", () => {}),
      "deleted",
    );
    await b.create("o-1", "bob", order({ note: "anew" }));
    await refused(a.create("o-1", "alice", order()), "exists");
    expect(await a.verify("o-1")).toMatchObject({ ok: true, version: 10 });
  },

  "after the retries that it was given the call gives up and names both users and versions": async (
    bench,
  ) => {
    const { store, rival } = await rivalled(bench);
    let runs = 0;
    const recipe = (draft: { note?: string }) => {
      runs++;
      draft.note = "mine";
    };
    const call = store.edit("o-1", "alice", recipe, { retries: 8 });
    const error = (await refused(call, "conflict")) as ConflictError;
    expect(error.details).toMatchObject({ id: "o-1", by: "alice", foundBy: "rival" });
    const { expected, found } = error.details;
    expect(found).toBeGreaterThanOrEqual(expected);
    for (const fact of ["o-1", "alice", "rival", String(expected), String(found)])
      expect(error.message).toContain(fact);
    expect(runs).toBe(9);
    const attempts = bench.notices.flatMap((one) => (one.type === "conflict-retry" ? [one.attempt] : []));
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await rival.history("o-1", { by: "alice" }).toArray()).toEqual([]);
    expect((await rival.read("o-1"))?.state.note).not.toBe("mine");
  },

  "a call that loses until its time is up says that it was a conflict": async (bench) => {
    const { store } = await rivalled(bench);
    const recipe = (draft: { note?: string }) => {
      draft.note = "mine";
    };
    const call = store.edit("o-1", "alice", recipe, { timeoutMs: 1_500 });
    const error = (await refused(call, "conflict")) as ConflictError;
    expect(error.details).toMatchObject({ id: "o-1", by: "alice", foundBy: "rival" });
    expect(error.details.found).toBeGreaterThan(error.details.expected);
  },

  "a dozen stores that add to one document at once all get their turn": async ({ open }) => {
    const stores = Array.from({ length: 12 }, () => open());
    await stores[0]?.create("o-1", "alice", order());
    await Promise.all(stores.map((store) => store.get("o-1")));
    const edits = stores.map((store, i) =>
      store.edit("o-1", `user-${i}`, (draft) => void draft.lines.push({ id: `${i}`, qty: 1 })),
    );
    await Promise.all(edits);
    expect((await open().read("o-1"))?.state.lines).toHaveLength(order().lines.length + 12);
  },

  "a writer who loses eight times and then wins is a success": async (bench) => {
    const { store } = await rivalled(bench, 8);
    const edited = await store.edit("o-1", "alice", (draft) => {
      draft.note = "mine";
    });
    expect(edited).toMatchObject({ version: 10, by: "alice", repeated: false, state: { note: "mine" } });
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 10 });
  },

  "expectedVersion turns retries off": async (bench) => {
    const { store } = await rivalled(bench);
    let runs = 0;
    const recipe = (draft: { note?: string }) => {
      runs++;
      draft.note = "mine";
    };
    const call = store.edit("o-1", "alice", recipe, { expectedVersion: 1 });
    const error = (await refused(call, "conflict")) as ConflictError;
    expect(error.details).toMatchObject({ id: "o-1", expected: 1, found: 2, by: "alice", foundBy: "rival" });
    expect(runs).toBeLessThanOrEqual(1);
    expect(bench.notices.filter(({ type }) => type === "conflict-retry")).toEqual([]);
  },

  "expectedVersion lets a write through only on the version that the caller has seen": async (bench) => {
    const { open, port } = bench;
    const [a, b] = [open(), open()];
    await a.create("o-1", "alice", order(), { expectedVersion: 0 });
    const pay = (store: typeof a, expectedVersion: number, status: string) =>
      store.edit(
        "o-1",
        "bob",
        (draft) => {
          draft.status = status;
        },
        { expectedVersion },
      );
    expect(await pay(b, 1, "paid")).toMatchObject({ version: 2 });
    for (const wrong of [0, 1, 3, 17]) {
      for (const store of [a, b, open()]) {
        await storesNothing(port, ["o-1"], () => refused(pay(store, wrong, "sent"), "conflict"));
      }
    }
    expect(await pay(a, 2, "sent")).toMatchObject({ version: 3 });
    const options = { expectedVersion: 2 };
    await refused(a.replace("o-1", "bob", order(), options), "conflict");
    await refused(a.delete("o-1", "bob", options), "conflict");
    await refused(a.revert("o-1", "bob", { version: 1 }, options), "conflict");
    expect(await a.delete("o-1", "bob", { expectedVersion: 3 })).toMatchObject({ version: 4 });
    await refused(a.restore("o-1", "bob", { expectedVersion: 3 }), "conflict");
    await refused(a.create("o-1", "bob", order(), { expectedVersion: 0 }), "conflict");
    expect(await a.create("o-1", "bob", order(), { expectedVersion: 4 })).toMatchObject({ version: 5 });
  },

  "of two creates at once one wins, and the other is told that the document exists": async ({ open }) => {
    const stores = [open(), open(), open()];
    const calls = stores.map((store, i) => store.create("o-1", `user-${i}`, order({ note: `${i}` })));
    const settled = await Promise.allSettled(calls);
    const won = settled.flatMap((one, i) => (one.status === "fulfilled" ? [i] : []));
    expect(won).toHaveLength(1);
    for (const one of settled)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "exists" });
    expect((await open().read("o-1"))?.by).toBe(`user-${won[0]}`);
  },

  "four stores that edit one document at the same time lose no acknowledged edit": async ({ open }) => {
    const stores = [open(), open(), open(), open()];
    await stores[0]?.create("o-1", "alice", order());
    const acknowledged = await Promise.all(
      stores.map(async (store, s) => {
        const mine: string[] = [];
        for (let i = 0; i < 10; i++) {
          const line = { id: `${s}-${i}`, qty: 1 };
          const edit = store.edit("o-1", `user-${s}`, (draft) => void draft.lines.push(line));
          const done = await edit.catch((error: unknown) => {
            expect(error).toMatchObject({ code: "conflict" });
          });
          if (done !== undefined) mine.push(line.id);
        }
        return mine;
      }),
    );
    const found = await open().read("o-1");
    expect(found?.state.lines.map(({ id }) => id).toSorted()).toEqual(acknowledged.flat().toSorted());
    expect(found?.version).toBe(acknowledged.flat().length + 1);
    expect(await open().verify("o-1")).toMatchObject({ ok: true });
  },
});
