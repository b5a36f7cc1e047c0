import type { State, Written } from "@everdraft/core";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { linesOf, type Order, order } from "./order.ts";
import { refused, storesNothing } from "./refusals.ts";
import type { StoreBench, StoreSection } from "./store-bench.ts";

/** Writes that change nothing: they store nothing, say so, and answer with the head. */
export const noOps: StoreSection = librarySection("writes that change nothing", {
  "an edit that changes nothing answers with the head's version, time, user and event": async (bench) => {
    const head = await prepared(bench);
    bench.clock.forward(60_000);
    const untouched = await storesNothing(bench.port, ["o-1"], () =>
      bench.open().edit("o-1", "carol", () => {}, { reason: "looked", meta: { a: 1 } }),
    );
    expect(untouched).toEqual({ ...head, patches: [], changed: false });
  },

  "so do recipes that undo themselves, assign what is there, or put equal values in place": async (bench) => {
    const head = await prepared(bench);
    const recipes: ((draft: Order) => void)[] = [
      (draft) => {
        draft.status = "paid";
      },
      (draft) => {
        draft.note = "gone at once";
        delete draft.note;
      },
      (draft) => void draft.lines.push(draft.lines.shift() as never, draft.lines.shift() as never),
      (draft) => {
        draft.lines = draft.lines.map((line) => ({ ...line }));
      },
      (draft) => {
        draft.placed = new Date(5);
      },
      (draft) => {
        draft.mark = Uint8Array.of(1, 2);
      },
      (draft) => void Object.assign(draft, { extra: undefined }),
    ];
    const store = bench.open();
    for (const recipe of recipes) {
      const answer = await storesNothing(bench.port, ["o-1"], () =>
        store.edit("o-1", "carol", (draft) => void recipe(draft)),
      );
      expect(answer).toEqual({ ...head, patches: [], changed: false });
    }
  },

  "replace by an equal state changes nothing, whatever objects it is made of": async (bench) => {
    const head = await prepared(bench);
    const { customer, status, lines, placed, mark } = full();
    const turned = { mark, placed, lines: lines.map(({ id, qty }) => ({ qty, id })), status, customer };
    for (const state of [full(), turned, head.state]) {
      const answer = await storesNothing(bench.port, ["o-1"], () =>
        bench.open().replace("o-1", "carol", state as Order),
      );
      expect(answer).toEqual({ ...head, patches: [], changed: false });
    }
  },

  "restore of a living document, and revert to what is there, change nothing": async (bench) => {
    const head = await prepared(bench);
    const store = bench.open();
    for (const act of [
      () => store.restore("o-1", "carol"),
      () => store.revert("o-1", "carol", { version: 2 }),
      () => store.revert("o-1", "carol", new Date(bench.clock.now)),
    ]) {
      const answer = await storesNothing(bench.port, ["o-1"], act);
      expect(answer).toEqual({ ...head, patches: [], changed: false });
    }
  },

  "what changes nothing is compared with the head, not with an old guess": async (bench) => {
    const [stale, other] = [bench.open(), bench.open()];
    await stale.create("o-1", "alice", order());
    await other.edit("o-1", "bob", (draft) => {
      draft.status = "paid";
    });
    const answer = await stale.edit("o-1", "carol", (draft) => {
      draft.status = "open";
    });
    expect(answer).toMatchObject({ changed: true, version: 3, by: "carol" });
    await other.edit("o-1", "bob", (draft) => {
      draft.note = "seen";
    });
    const looked = await stale.edit("o-1", "carol", () => {});
    expect(looked).toMatchObject({ changed: false, version: 4, by: "bob", state: { note: "seen" } });
  },

  "an edit that changes nothing on a stale expected version is still a conflict": async (bench) => {
    await prepared(bench);
    const store = bench.open();
    await refused(
      store.edit("o-1", "carol", () => {}, { expectedVersion: 1 }),
      "conflict",
    );
    expect(await store.edit("o-1", "carol", () => {}, { expectedVersion: 2 })).toMatchObject({ version: 2 });
  },
});

function full(): Order {
  return order({ status: "paid", lines: linesOf("A", "B"), placed: new Date(5), mark: Uint8Array.of(1, 2) });
}

/** A document whose head is bob's event 2, with every kind of value in it. */
async function prepared({ open, clock }: StoreBench): Promise<Written<State<Order>>> {
  const store = open();
  await store.create("o-1", "alice", { ...full(), status: "open" });
  clock.forward(1000);
  return store.edit("o-1", "bob", (draft) => {
    draft.status = "paid";
  });
}
