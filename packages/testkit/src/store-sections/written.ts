import { applyPatches } from "@everdraft/core/internals";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { linesOf, type Order, order } from "./order.ts";
import type { StoreSection } from "./store-bench.ts";

const someId = expect.stringMatching(/^.{10,}$/);

/** The answer of every write, field by field, and that history, read and get say the same. */
export const written: StoreSection = section(
  "what a write answers",
  {
    "create answers with version 1, and the whole state as its patch": async ({ open, clock }) => {
      const state = order({ placed: new Date(5), mark: Uint8Array.of(1, 2) });
      expect(await open().create("o-1", "alice", state)).toEqual({
        id: "o-1",
        version: 1,
        at: new Date(clock.now),
        by: "alice",
        eventId: someId,
        state,
        patches: [{ op: "replace", path: [], value: state }],
        changed: true,
        repeated: false,
        view: "current",
      });
    },

    "edit answers with the next version, the new state, and only the change as its patch": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      const at = bench.clock.forward(1000);
      const edited = await store.edit("o-1", "bob", (draft) => {
        draft.lines.push({ id: "A", qty: 2 });
      });
      expect(edited).toEqual({
        id: "o-1",
        version: 2,
        at,
        by: "bob",
        eventId: someId,
        changed: true,
        repeated: false,
        view: "current",
        state: order({ lines: [{ id: "A", qty: 2 }] }),
        patches: [{ op: "add", path: ["lines", 0], value: { id: "A", qty: 2 } }],
      });
    },

    "replace answers with the new state, and stores only what differs": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order({ lines: linesOf("A", "B"), note: "call first" }));
      const at = bench.clock.forward(1);
      const state = order({ lines: linesOf("A", "X", "B") });
      const replaced = await store.replace("o-1", "bob", state);
      expect(replaced).toMatchObject({ version: 2, at, by: "bob", state, changed: true, view: "current" });
      expect(replaced.patches).toHaveLength(2);
      expect(replaced.patches).toContainEqual({ op: "remove", path: ["note"] });
      expect(replaced.patches).toContainEqual({ op: "add", path: ["lines", 1], value: { id: "X", qty: 1 } });
    },

    "delete answers without a state, restore with the state that comes back": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      expect(await store.delete("o-1", "bob")).toEqual({
        id: "o-1",
        version: 2,
        at: new Date(bench.clock.now),
        by: "bob",
        eventId: someId,
        state: undefined,
        patches: [{ op: "remove", path: [] }],
        changed: true,
        repeated: false,
        view: "current",
      });
      const at = bench.clock.forward(5);
      expect(await store.restore("o-1", "carol")).toMatchObject({
        id: "o-1",
        version: 3,
        at,
        by: "carol",
        eventId: someId,
        state: order(),
        changed: true,
        repeated: false,
        view: "current",
      });
    },

    "revert answers with the state of the moment, and the patches that lead there": async (bench) => {
      const store = bench.open();
      await store.create("o-1", "alice", order());
      const paid = await store.edit("o-1", "bob", (draft) => {
        draft.status = "paid";
      });
      const at = bench.clock.forward(7);
      const reverted = await store.revert("o-1", "carol", { version: 1 });
      expect(reverted).toMatchObject({
        id: "o-1",
        version: 3,
        at,
        by: "carol",
        state: order(),
        changed: true,
      });
      expect(applyPatches(paid.state, reverted.patches)).toEqual(order());
    },

    "history, read and get say of each write what the write itself said": async (bench) => {
      const store = bench.open();
      const note = (text: string) => (draft: Partial<Order>) => {
        draft.note = text;
      };
      const writes = [
        await store.create("o-1", "alice", order(), { reason: "by phone", meta: { desk: 4 } }),
        await store.edit("o-1", "bob", note("a"), { reason: "asked for", meta: { nested: { list: [1] } } }),
        await store.replace("o-1", "carol", order({ status: "paid" })),
        await store.revert("o-1", "dave", { version: 2 }, { reason: "wrong order" }),
        await store.delete("o-1", "erin", { meta: { ticket: "t-1" } }),
        await store.restore("o-1", "frank", { reason: "by mistake" }),
      ];
      const events = await store.history("o-1").toArray();
      expect(events.map(({ type }) => type)).toEqual([
        "created",
        "edited",
        "edited",
        "reverted",
        "deleted",
        "restored",
      ]);
      for (const [i, { id, version, at, by, eventId, patches, state }] of writes.entries()) {
        expect(events[i]).toMatchObject({ id, version, at, by, eventId, patches, schema: 1 });
        expect(await store.stateAt("o-1", { version })).toEqual(state);
      }
      expect(events.map(({ reason }) => reason)).toEqual([
        "by phone",
        "asked for",
        undefined,
        "wrong order",
        undefined,
        "by mistake",
      ]);
      expect(events.map(({ meta }) => meta)).toEqual([
        { desk: 4 },
        { nested: { list: [1] } },
        undefined,
        undefined,
        { ticket: "t-1" },
        undefined,
      ]);
      expect(events.map(({ ref }) => ref?.version)).toEqual([
        undefined,
        undefined,
        undefined,
        2,
        undefined,
        4,
      ]);
      const last = writes.at(-1);
      expect(await store.get("o-1")).toEqual(last?.state);
      expect(await store.read("o-1")).toMatchObject({ version: 6, by: "frank", state: last?.state });
    },
  },
  {
    "the patches of each write lead from the state before it to the state after it": async ({ open }) => {
      const store = open();
      let before = (await store.create("o-1", "alice", order())).state;
      const steps: ((draft: Order) => void)[] = [
        ({ lines }) => void lines.push(...linesOf("A", "B", "C")),
        ({ lines }) => void lines.reverse(),
        ({ lines }) => void lines.splice(1, 1, ...linesOf("X", "Y")),
        (draft) => Object.assign(draft, { note: "n", placed: new Date(9), mark: Uint8Array.of(9) }),
        (draft) => void delete draft.note,
      ];
      for (const step of steps) {
        const { patches, state } = await store.edit("o-1", "bob", (draft) => void step(draft));
        expect(applyPatches(before, patches)).toEqual(state);
        before = state;
      }
    },

    "each event has an id of its own": async ({ open }) => {
      const store = open();
      const made = await Promise.all(
        Array.from({ length: 40 }, (_, i) => store.create(`o-${i}`, "alice", order())),
      );
      expect(new Set(made.map(({ eventId }) => eventId)).size).toBe(40);
    },
  },
);
