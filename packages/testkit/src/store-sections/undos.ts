import { isEverdraftError, type Store } from "@everdraft/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { seeded } from "../seeded.ts";
import { anyLife } from "./any-life.ts";
import { linesOf, order } from "./order.ts";
import { live } from "./random-lives.ts";
import type { StoreSection } from "./store-bench.ts";

type Plain = Record<string, unknown>;

/** One change taken back, and the later ones kept. */
export const undos: StoreSection = librarySection("undo", {
  "undo of the newest event is the revert to the one before, and redo gives back what was": async (bench) => {
    const stores = [bench.open<Plain>(), bench.open<Plain>({ cache: { maxBytes: 0 } })];
    let run = 0;
    const property = fc.asyncProperty(anyLife(stores.length), async (turns) => {
      const id = `doc-${run++}`;
      const history = await live(id, turns, stores, bench.clock);
      const newest = history.length;
      const [before, after] = [history[newest - 2]?.state, history[newest - 1]?.state];
      const [first, second] = stores as [Store<Plain>, Store<Plain>];
      if (["created", "deleted", undefined].includes(history.at(-1)?.type)) {
        await expectRefused(first.undo(id, "eve", { version: Math.max(1, newest) }));
        return;
      }
      const undone = await first.undo(id, "eve", { version: newest });
      expect(undone).toMatchObject({ changed: true, version: newest + 1, state: before });
      expect(await second.get(id)).toEqual(before);
      const redone = await second.redo(id, "eve");
      expect(redone).toMatchObject({ changed: true, version: newest + 2, state: after });
      expect((await second.history(id, { type: "undone" }).toArray()).map(({ ref }) => ref.version)).toEqual([
        newest,
        newest + 1,
      ]);
      // it was taken back, so there is nothing to redo any more
      expect(await first.redo(id, "eve")).toMatchObject({ changed: false });
    });
    await fc.assert(property, seeded(12));
  },
  "what came after is kept, elements where they are now, and what the event did not touch is untouched":
    async ({ open }) => {
      const store = open();
      await store.create("o-1", "alice", order({ lines: linesOf("A", "B", "C") }));
      await store.edit("o-1", "bob", (draft) => {
        draft.status = "paid";
        draft.lines.splice(1, 1);
        Object.assign(draft.lines[0] ?? {}, { qty: 9 });
        draft.lines.push({ id: "D", qty: 4 });
        draft.note = "by phone";
      });
      await store.edit("o-1", "carol", (draft) => {
        draft.customer = "c-8";
        draft.lines.unshift({ id: "X", qty: 1 });
        draft.lines.reverse();
      });
      const before = await store.get("o-1");
      expect(before?.lines.map(({ id }) => id)).toEqual(["D", "C", "A", "X"]);
      const plan = await store.planUndo("o-1", { version: 2 });
      expect(plan).toMatchObject({ version: 3, undoes: { version: 2, by: "bob" }, conflicts: [] });
      expect(plan.changes).toHaveLength(5);
      const undone = await store.undo("o-1", "dave", { version: 2 }, { reason: "wrong order" });
      expect(undone.state).toEqual({
        customer: "c-8",
        status: "open",
        lines: [
          { id: "C", qty: 1 },
          { id: "A", qty: 1 },
          { id: "B", qty: 1 },
          { id: "X", qty: 1 },
        ],
      });
      expect(undone.patches).toEqual(plan.patches);
      const [event] = await store.history("o-1", { order: "newest", limit: 1 }).toArray();
      expect(event).toMatchObject({
        type: "undone",
        by: "dave",
        reason: "wrong order",
        ref: { version: 2 },
      });
      expect((await store.redo("o-1", "dave", { version: 4 })).state).toEqual(before);
    },

  "undos of disjoint changes commute": async (bench) => {
    const store = bench.open<Plain>();
    const field = fc.constantFrom("a", "b", "c", "d");
    const turn = fc.tuple(field, fc.nat({ max: 3 }), fc.constantFrom("set", "push", "drop"));
    let run = 0;
    const property = fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 8 }), async (turns) => {
      const ids = [`doc-${run}`, `turned-${run++}`] as const;
      for (const id of ids) {
        await store.create(id, "alice", { a: [{ id: "x", n: 0 }], b: 1, c: ["s"], d: { e: 1 } });
        for (const [key, n, act] of turns) await store.edit(id, "bob", (draft) => change(draft, key, n, act));
      }
      const head = (await store.read(ids[0]))?.version ?? 1;
      const fields = await Promise.all(
        Array.from({ length: head - 1 }, (_, i) =>
          store.diff(ids[0], { version: i + 1 }, { version: i + 2 }),
        ),
      );
      // the last change of each of two fields: nothing came after either in its field
      const last = (key: string): number =>
        fields.findLastIndex((changes) => changes.some(({ path }) => path[0] === key)) + 2;
      const pair = [...new Set(["a", "b", "c", "d"].map(last).filter((version) => version > 1))].slice(0, 2);
      const [one, other] = pair;
      if (one === undefined || other === undefined) return;
      for (const version of [one, other]) await store.undo(ids[0], "eve", { version });
      for (const version of [other, one]) await store.undo(ids[1], "eve", { version });
      expect(await store.get(ids[0])).toEqual(await store.get(ids[1]));
    });
    await fc.assert(property, seeded(25));
  },

  "places that a later event touched are listed with it, and nothing is stored": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order({ lines: linesOf("A", "B") }));
    await store.edit("o-1", "bob", (draft) => {
      draft.status = "paid";
      draft.note = "first";
      Object.assign(draft.lines[0] ?? {}, { qty: 2 });
    });
    await store.edit("o-1", "carol", (draft) => void Object.assign(draft, { status: "sent" }));
    await store.edit("o-1", "dave", (draft) => void draft.lines.shift());
    // after the removal: the list was touched again
    await store.edit("o-1", "frank", (draft) => void draft.lines.push({ id: "Z", qty: 1 }));
    const error = await store.undo("o-1", "eve", { version: 2 }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isEverdraftError(error, "undo_conflict")) throw error;
    // in the order of the fields, which is no part of a state
    const { places } = error.details;
    expect(places.toSorted((a, b) => a.version - b.version)).toEqual([
      { path: ["status"], version: 3 },
      { path: ["lines", 0], version: 4 },
    ]);
    expect(error.conflicts.toSorted((a, b) => a.event.version - b.event.version)).toMatchObject([
      { path: ["status"], set: "paid", now: "sent", event: { version: 3, by: "carol" } },
      { path: ["lines", 0], set: { id: "A", qty: 2 }, now: undefined, event: { version: 4, by: "dave" } },
    ]);
    // a log of the error has no value of the document
    expect(JSON.stringify(error) + error.message).not.toMatch(/paid|sent/);
    expect(await store.history("o-1").toArray()).toHaveLength(5);
    expect((await store.planUndo("o-1", { version: 2 })).conflicts).toEqual(error.conflicts);

    const kept = await store.planUndo("o-1", { version: 2 }, { onConflict: "keep" });
    expect(kept.changes.map(({ kind, path }) => [kind, path])).toEqual([["removed", ["note"]]]);
    const taken = await store.undo("o-1", "eve", { version: 2 }, { onConflict: "take" });
    expect(taken.state).toEqual(order({ lines: linesOf("A", "B", "Z") }));
  },

  "a part of an event is taken back by its paths": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order({ lines: linesOf("A", "B") }));
    await store.edit("o-1", "bob", (draft) => {
      draft.status = "paid";
      draft.lines = [];
    });
    const undone = await store.undo("o-1", "bob", { version: 2 }, { paths: [["lines"]] });
    expect(undone.state).toEqual(order({ status: "paid", lines: linesOf("A", "B") }));
    const rest = await store.undo("o-1", "bob", { version: 2 }, { paths: [["status"]] });
    expect(rest.state).toEqual(order({ lines: linesOf("A", "B") }));
  },

  "events that are not undone are refused with the call to use; so is what was before a deletion": async ({
    open,
  }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    await store.edit("o-1", "bob", (draft) => void Object.assign(draft, { status: "paid" }));
    await store.delete("o-1", "bob");
    await expect(store.undo("o-1", "bob", { version: 1 })).rejects.toMatchObject({
      code: "undo_refused",
      message: expect.stringContaining("delete"),
    });
    await expect(store.undo("o-1", "bob", { version: 3 })).rejects.toMatchObject({
      code: "undo_refused",
      message: expect.stringContaining("restore"),
    });
    await expect(store.undo("o-1", "bob", { version: 2 })).rejects.toMatchObject({ code: "undo_refused" });
    await store.restore("o-1", "bob");
    await expect(store.undo("o-1", "bob", { version: 2 })).rejects.toMatchObject({
      code: "undo_refused",
      message: expect.stringContaining("deleted"),
    });
    expect(await store.history("o-1").toArray()).toHaveLength(4);
    // a restoration can be taken back: then the document is deleted again
    expect(await store.undo("o-1", "bob", { version: 4 })).toMatchObject({
      changed: true,
      state: undefined,
    });
    expect(await store.get("o-1")).toBeUndefined();
    expect(await store.redo("o-1", "bob")).toMatchObject({
      changed: true,
      state: order({ status: "paid" }),
    });
    await expect(store.redo("o-1", "bob", { version: 2 })).rejects.toMatchObject({ code: "undo_refused" });
    await expect(store.undo("none", "bob", { version: 1 })).rejects.toMatchObject({ code: "not_found" });
    await expect(store.undo("o-1", "bob", { version: 99 })).rejects.toMatchObject({
      code: "version_ahead",
    });
  },

  "a key does an undo once": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    await store.edit("o-1", "bob", (draft) => void Object.assign(draft, { status: "paid" }));
    const once = () => store.undo("o-1", "bob", { version: 2 }, { key: "k" });
    expect(await once()).toMatchObject({ version: 3, repeated: false });
    expect(await once()).toMatchObject({ version: 3, repeated: true });
    await expect(store.undo("o-1", "bob", { version: 3 }, { key: "k" })).rejects.toMatchObject({
      code: "key_reused",
    });
  },
});

function change(draft: Plain, key: string, n: number, act: string): void {
  const list = draft[key];
  if (act === "drop") delete draft[key];
  else if (act === "push" && Array.isArray(list)) list.push({ id: `p${n}`, n });
  else draft[key] = Array.isArray(list) ? [...list, n] : { n };
}

async function expectRefused(undo: Promise<unknown>): Promise<void> {
  await expect(undo).rejects.toMatchObject({ code: expect.stringMatching(/^undo_refused$|^not_found$/) });
}
