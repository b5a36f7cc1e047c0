import type { StoredEvent, View } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { chainOf } from "../build/chain-of.ts";
import { at, call, expectExact, type PortSection, store, writeView } from "./bench.ts";
import { expectView } from "./expect-view.ts";
import { section } from "./section.ts";

/** Views over those that their writers knew, and views that other programs changed or took away. */
export const knownViews: PortSection = section("views over known ones", {
  "leaves a view alone that somebody changed, and says drift": async (bench) => {
    const chain = chainOf("a", [{ n: 1 }, { n: 2 }, { n: 3 }]);
    const first = at(chain.views, 0);
    const changes = [
      { state: { n: 99 } },
      { by: "mallory" },
      { at: 5 },
      { digest: "x".repeat(43) },
      { since: 1 },
    ];
    for (const change of changes) {
      const changed = { ...first, ...change };
      await bench.views.write(changed, "any", call);
      expect(await bench.views.write(at(chain.views, 1), "lower", call)).toBe("drift");
      const many = await bench.views.writeMany?.([at(chain.views, 1)], call);
      expect(many ?? ["drift"]).toEqual(["drift"]);
      expectExact((await bench.views.get(["a"], call))[0], changed, bench.types);
    }
    expect(["current", "inserted"]).toContain(await bench.views.write(first, "any", call));
    await writeView(bench, at(chain.views, 1));
    await expectView(bench, chain, 2);
  },

  "stores the event, and leaves alone a view that is not the one before it as the library wrote it": async (
    bench,
  ) => {
    const chain = chainOf("a", [{ n: 1, note: "x" }, { n: 2, note: "x" }, undefined]);
    const [first, second, third] = chain.events as [StoredEvent, StoredEvent, StoredEvent];
    const [view, next, gone] = chain.views as [View, View, View];
    await store(bench, [{ event: first, view, before: "none" }]);
    const changed = { ...view, state: { n: 99, note: "x" } };
    await bench.views.write(changed, "any", call);
    const outcomes = await bench.log.commit(
      [{ event: second, view: next, before: view }],
      "independent",
      call,
    );
    expect(outcomes).toEqual([{ event: "stored", view: "drift" }]);
    expectExact((await bench.views.get(["a"], call))[0], changed, bench.types);
    const deleted = await bench.log.commit([{ event: third, view: gone, before: next }], "independent", call);
    expect(deleted).toEqual([{ event: "stored", view: "drift" }]);
    expectExact((await bench.views.get(["a"], call))[0], changed, bench.types);
  },

  "writes over the view that its writer knew, whatever it changes": async (bench) => {
    const line = (id: string, qty: number) => ({ id, qty });
    const states = [
      {
        n: 1,
        list: [line("a", 1), line("b", 2)],
        deep: { x: { y: 1 } },
        "a.b": 1,
        "0": "zero",
        when: new Date(5),
      },
      {
        n: 2,
        list: [line("a", 1), line("b", 3)],
        deep: { x: { y: 1, z: [1] } },
        "a.b": 1,
        "0": "zero",
        when: new Date(5),
      },
      {
        n: 2,
        list: [line("a", 1), line("b", 3), line("c", 9)],
        deep: { x: {} },
        "a.b": 2,
        "0": "nil",
        when: new Date(6),
      },
      {
        list: [line("c", 9), line("a", 1)],
        deep: [],
        "": { "": null },
        d: { "a.b": { c: 1 }, $x: [null] },
      },
      {
        list: { "0": { qty: 1 } },
        deep: [[1], [2, 3]],
        "": { "": false },
        d: { "a.b": { c: 2 }, $x: [null, null] },
      },
      {
        list: { "0": { qty: 2 }, "1": {} },
        deep: [[1], [2, 4]],
        bytes: new Uint8Array([1, 2]),
        nan: Number.NaN,
      },
      { list: { "1": {} }, deep: [[1]], bytes: new Uint8Array([1, 3]), nan: null },
    ];
    const chain = chainOf("a", states);
    for (const [i, event] of chain.events.entries()) {
      const view = at(chain.views, i);
      const before = i === 0 ? "none" : at(chain.views, i - 1);
      await store(bench, [{ event, view, before }]);
      await expectView(bench, chain, i + 1);
    }
  },

  "takes a view that is gone for taken away only where its writer knew it to be there": async (bench) => {
    const chain = chainOf("a", [{ n: 1 }, { n: 2 }, undefined, { n: 4 }]);
    const [first, second, third, fourth] = chain.events as [
      StoredEvent,
      StoredEvent,
      StoredEvent,
      StoredEvent,
    ];
    await store(bench, [{ event: first }]);
    const known = await bench.log.commit(
      [{ event: second, view: at(chain.views, 1), before: at(chain.views, 0) }],
      "independent",
      call,
    );
    expect(known).toEqual([{ event: "stored", view: "drift" }]);
    expect((await bench.views.get(["a"], call))[0]).toBeUndefined();
    // a deletion asks for no more: it may have been carried out by a try whose answer was lost
    await store(bench, [{ event: third, view: at(chain.views, 2), before: at(chain.views, 1) }]);
    await store(bench, [{ event: fourth, view: at(chain.views, 3), before: "none" }]);
    await expectView(bench, chain, 4);
  },

  "writes over an older view than its writer knew, and lets a newer one be": async (bench) => {
    const chain = chainOf("a", [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    const events = chain.events;
    await store(bench, [{ event: at(events, 0), view: at(chain.views, 0), before: "none" }]);
    await store(bench, [{ event: at(events, 1) }]);
    await store(bench, [{ event: at(events, 2), view: at(chain.views, 2), before: at(chain.views, 1) }]);
    await expectView(bench, chain, 3);
    await bench.views.write(at(chain.views, 3), "any", call);
    const late = { ...at(chain.views, 1) };
    expect(await bench.views.write(late, "lower", call)).toBe("current");
    await store(bench, [{ event: at(events, 3), view: at(chain.views, 3), before: at(chain.views, 2) }]);
    await expectView(bench, chain, 4);
  },
});
