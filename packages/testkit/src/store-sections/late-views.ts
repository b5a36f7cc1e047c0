import type { Patch } from "@everdraft/core";
import type { StoredEvent, ViewStore } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { section } from "../sections/section.ts";
import { order } from "./order.ts";
import { refused, storesNothing } from "./refusals.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

const noted = (text: string): Patch[] => [{ op: "add", path: ["note"], value: text }];
const renoted = (text: string): Patch[] => [{ op: "replace", path: ["note"], value: text }];
const gone: Patch[] = [{ op: "remove", path: [] }];

/** Events that are stored without their view, as a crash in between leaves them. */
export const lateViews: StoreSection = section("views that are behind their log", {
  "get shows the older state until read brings the view forward": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order());
    await append(bench, "o-1", noted("late"));
    const other = bench.open();
    await other.ready();
    expect(await store.read("o-1")).toMatchObject({ version: 2, by: "raw", state: order({ note: "late" }) });
    for (const one of [store, other, bench.open()]) {
      expect(await one.get("o-1")).toEqual(order({ note: "late" }));
      expect(await one.find({ note: "late" }).toArray()).toHaveLength(1);
    }
    expect((await bench.port.views.get(["o-1"], portCall))[0]).toMatchObject({ version: 2 });
  },

  "get, getMany and find of a store that is open already answer from the view": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order());
    await append(bench, "o-1", noted("late"));
    expect(await store.get("o-1")).toEqual(order());
    expect(await store.getMany(["o-1"])).toEqual([order()]);
    expect(await store.count({ note: "late" })).toBe(0);
    expect(await store.stateAt("o-1", { version: 2 })).toEqual(order({ note: "late" }));
    expect(await store.stateAt("o-1", new Date(8.64e15))).toEqual(order({ note: "late" }));
  },

  "an edit goes on from the head, whether the store knew the document or not": async (bench) => {
    for (const [id, warm] of [
      ["o-1", true],
      ["o-2", false],
    ] as const) {
      const [store, other] = [bench.open(), bench.open()];
      await store.create(id, "alice", order());
      await append(bench, id, noted("late"));
      const edited = await (warm ? store : other).edit(id, "bob", (draft) => {
        draft.status = draft.note ?? "unseen";
      });
      expect(edited).toMatchObject({ version: 3, changed: true, view: "current" });
      expect(edited.state).toEqual(order({ note: "late", status: "late" }));
      expect(await bench.open().get(id)).toEqual(edited.state);
      expect(await store.verify(id)).toMatchObject({ ok: true, version: 3 });
    }
  },

  "an edit that changes nothing answers with the head too, and leaves no view behind": async (bench) => {
    const store = bench.open();
    for (const id of ["o-1", "o-2"]) await store.create(id, "alice", order());
    for (const [id, warm] of [
      ["o-1", true],
      ["o-2", false],
    ] as const) {
      await append(bench, id, noted("late"));
      const answer = await (warm ? store : bench.open()).edit(id, "bob", () => {});
      expect(answer).toMatchObject({ version: 2, by: "raw", changed: false, view: "current" });
      expect(answer.state).toEqual(order({ note: "late" }));
      expect(await store.get(id)).toEqual(answer.state);
    }
  },

  "verify says that the view is behind, and read, repair or sweep bring it forward": async (bench) => {
    const store = bench.open();
    const ways = {
      read: () => store.read("o-read"),
      repair: () => store.repair("o-repair"),
      sweep: () => store.sweep(),
    };
    for (const [way, bringForward] of Object.entries(ways)) {
      const id = `o-${way}`;
      await store.create(id, "alice", order());
      await append(bench, id, noted("late"));
      const found = await storesNothing(bench.port, [id], () => store.verify(id));
      expect(found).toMatchObject({ id, ok: false, version: 2, findings: [{ kind: "behind", version: 1 }] });
      await bringForward();
      expect(await store.verify(id)).toMatchObject({ ok: true, version: 2, findings: [] });
      expect(await store.get(id)).toEqual(order({ note: "late" }));
    }
  },

  "sweep finds every view that is behind, tells how many, and then finds none": async (bench) => {
    const store = bench.open();
    const ids = Array.from({ length: 30 }, (_, i) => `o-${i}`);
    await Promise.all(ids.map((id) => store.create(id, "alice", order())));
    const late = ids.filter((_, i) => i % 3 === 0);
    for (const id of late) await append(bench, id, noted("late"));
    const swept = await store.sweep();
    expect(swept.broughtForward).toBe(late.length);
    expect(swept.checked).toBeGreaterThanOrEqual(late.length);
    expect(await store.count({ note: "late" })).toBe(late.length);
    expect((await store.sweep()).broughtForward).toBe(0);
  },

  "sweep passes by a view that the collection refuses, and tells of it": async (bench) => {
    const first = bench.open();
    for (const id of ["o-1", "o-2"]) {
      await first.create(id, "alice", order());
      await append(bench, id, noted("late"));
    }
    const storage = wrapStorage(bench.storage, ({ views }) => ({
      views: {
        write: async (view, ...rest) => (view.id === "o-1" ? "refused" : views.write(view, ...rest)),
      },
    }));
    expect(await bench.open({ storage }).sweep()).toMatchObject({ broughtForward: 1 });
    expect(bench.notices).toMatchObject([{ type: "sweep-failed", cause: { code: "constraint" } }]);
    expect(await bench.open().get("o-2")).toMatchObject({ note: "late" });
  },

  "a store that opens where a crash can leave views behind brings them forward by itself": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order());
    await append(bench, "o-1", noted("late"));
    let written: () => void = () => undefined;
    const swept = new Promise<void>((resolve) => {
      written = resolve;
    });
    const write =
      (views: ViewStore): ViewStore["write"] =>
      async (...given) => {
        const outcome = await views.write(...given);
        written();
        return outcome;
      };
    const storage = wrapStorage(bench.storage, ({ views }) => ({ views: { write: write(views) } }));
    // a sweep that fails is told of, and ends the wait too
    await bench.open({ storage, sweep: true, onNotice: written }).ready();
    await swept;
    expect(await bench.open().get("o-1")).toEqual(order({ note: "late" }));
  },

  "a deletion whose view is behind is a deletion": async (bench) => {
    const store = bench.open();
    for (const id of ["o-1", "o-2", "o-3"]) {
      await store.create(id, "alice", order());
      await append(bench, id, gone);
    }
    expect(await store.get("o-1")).toEqual(order());
    expect(await store.verify("o-1")).toMatchObject({
      ok: false,
      findings: [{ kind: "behind", version: 1 }],
    });
    expect(await bench.open().read("o-1")).toBeUndefined();
    expect(await store.get("o-1")).toBeUndefined();
    expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 2 });
    await refused(
      store.edit("o-2", "bob", () => {}),
      "deleted",
    );
    await refused(
      bench.open().edit("o-2", "bob", () => {}),
      "deleted",
    );
    expect((await store.restore("o-2", "bob")).version).toBe(3);
    expect((await store.sweep()).broughtForward).toBeLessThanOrEqual(1);
    expect(await store.get("o-3")).toBeUndefined();
  },

  "a view that a deletion takes away while the next event is on its way was taken away by no other program":
    async (bench) => {
      await bench.open().create("o-1", "alice", order());
      await append(bench, "o-1", gone);
      const storage = wrapStorage(bench.storage, ({ log }) => ({
        log: {
          commit: async (...given) => {
            // a read of a document brings its view forward
            expect(await bench.open().read("o-1")).toBeUndefined();
            return log.commit(...given);
          },
        },
      }));
      expect(await bench.open({ storage }).restore("o-1", "bob")).toMatchObject({
        version: 3,
        view: "current",
      });
      expect(await bench.open().get("o-1")).toEqual(order());
      expect(bench.notices.filter(({ type }) => type === "view-drift")).toEqual([]);
    },

  "a creation or a return whose view is behind is there": async (bench) => {
    const store = bench.open();
    await store.ready();
    await append(bench, "o-1", [{ op: "replace", path: [], value: order() }]);
    await store.create("o-2", "alice", order());
    await store.delete("o-2", "alice");
    await append(bench, "o-2", [{ op: "replace", path: [], value: order({ note: "back" }) }]);
    expect([await store.get("o-1"), await store.get("o-2")]).toEqual([undefined, undefined]);
    for (const id of ["o-1", "o-2"]) {
      expect((await store.verify(id)).findings).toMatchObject([{ kind: "behind" }]);
      await refused(store.create(id, "bob", order()), "exists");
    }
    expect((await bench.open().edit("o-1", "bob", () => {})).state).toEqual(order());
    expect(await bench.open().read("o-2")).toMatchObject({ version: 3, state: { note: "back" } });
    expect([await store.get("o-1"), await store.get("o-2")]).toEqual([order(), order({ note: "back" })]);
  },

  "a view that is hundreds of events behind catches up": async (bench) => {
    const store = bench.open();
    await store.create("o-1", "alice", order({ note: "0" }));
    await append(bench, "o-1", ...Array.from({ length: 300 }, (_, i) => renoted(`${i + 1}`)));
    expect(await bench.open().read("o-1")).toMatchObject({ version: 301, state: { note: "300" } });
    await append(bench, "o-1", ...Array.from({ length: 300 }, (_, i) => renoted(`${i + 301}`)));
    expect(await store.edit("o-1", "bob", () => {})).toMatchObject({ version: 601, state: { note: "600" } });
    await store.sweep();
    expect(await bench.open().get("o-1")).toMatchObject({ note: "600" });
  },
});

/** Stores the next events of a document without their view. */
async function append({ port, clock }: StoreBench, doc: string, ...edits: Patch[][]): Promise<void> {
  const head = await port.log.head(doc, 0, portCall);
  const at = Math.max(clock.now, head?.at ?? 0);
  const events: StoredEvent[] = [];
  for (const patches of edits) {
    const { version, hash: previous } = events.at(-1) ?? head ?? { version: 0, hash: null };
    events.push(eventOf({ doc, version: version + 1, previous, patches, by: "raw", at }));
  }
  const outcomes = await port.log.commit(
    events.map((event) => ({ event })),
    "chain",
    portCall,
  );
  expect(outcomes.every(({ event }) => event === "stored")).toBe(true);
}
