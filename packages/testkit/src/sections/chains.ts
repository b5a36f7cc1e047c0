import { fold, nothing } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { eventOf } from "../build/event-of.ts";
import { rendezvous } from "../rendezvous.ts";
import { call, eventsOf, expectExact, type PortSection, store, versions } from "./bench.ts";
import { section } from "./section.ts";

/** The rules of one commit of several versions of one document. */
export const chains: PortSection = section("chains", {
  "stores a whole chain, in order, with the view of its last event": async (bench) => {
    const chain = chainOf("a", 20);
    await store(bench, appendsOf(chain), "chain");
    const events = await eventsOf(bench, "a");
    expect(fold(nothing, events, "a", bench.types).hash).toBe(chain.events.at(-1)?.hash);
    expectExact((await bench.views.get(["a"], call))[0], chain.views.at(-1), bench.types);
  },

  "stores a chain of one": async (bench) => {
    const chain = chainOf("a", 1);
    const [outcome] = await store(bench, appendsOf(chain), "chain");
    expect(outcome?.event).toBe("stored");
    expect(await versions(bench, "a")).toEqual([1]);
  },

  "carries on where the history ends": async (bench) => {
    const chain = chainOf("a", 9);
    await store(bench, appendsOf(chain, 1, 4), "chain");
    await store(bench, appendsOf(chain, 5, 9), "chain");
    expect(await versions(bench, "a")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expectExact((await bench.views.get(["a"], call))[0], chain.views[8], bench.types);
  },

  "stores nothing of a chain whose first slot is taken, and says that the rest was not sent": async (
    bench,
  ) => {
    await store(bench, [{ event: eventOf({ doc: "a", reason: "first" }) }]);
    const outcomes = await bench.log.commit(appendsOf(chainOf("a", 4)), "chain", call);
    expect(outcomes.map(({ event }) => event)).toEqual(["taken", "unsent", "unsent", "unsent"]);
    expect(await versions(bench, "a")).toEqual([1]);
    expect((await bench.views.get(["a"], call))[0]).toBeUndefined();
  },

  "stores the events before one whose id is taken, and none behind it": async (bench) => {
    const chain = chainOf("a", 5, (version) => (version === 1 || version === 4 ? { id: "the same" } : {}));
    await store(bench, appendsOf(chain, 1, 1));
    const outcomes = await bench.log.commit(appendsOf(chain, 2, 5), "chain", call);
    expect(outcomes.map(({ event }) => event)).toEqual(["stored", "stored", "taken", "unsent"]);
    expect(await versions(bench, "a")).toEqual([1, 2, 3]);
    expectExact((await bench.views.get(["a"], call))[0], chain.views[0], bench.types);
  },

  "says taken and unsent when a stored chain is sent again, and doubles nothing": async (bench) => {
    const chain = chainOf("a", 3);
    await store(bench, appendsOf(chain), "chain");
    const outcomes = await bench.log.commit(appendsOf(chain), "chain", call);
    expect(outcomes.map(({ event }) => event)).toEqual(["taken", "unsent", "unsent"]);
    expect(await versions(bench, "a")).toEqual([1, 2, 3]);
  },

  "lets one of two racing chains have all slots, and the other none": async (bench) => {
    const racing = Array.from({ length: 6 }, () => chainOf("a", 5));
    const raced = await rendezvous(
      racing.map((chain) => () => bench.log.commit(appendsOf(chain), "chain", call)),
    );
    const outcomes = raced.map((one) => {
      if ("error" in one) throw one.error;
      return one.value.map(({ event }) => event).join(" ");
    });
    const won = outcomes.indexOf("stored stored stored stored stored");
    expect(outcomes.toSpliced(won, 1)).toEqual(Array(5).fill("taken unsent unsent unsent unsent"));
    const events = await eventsOf(bench, "a");
    expect(events.map(({ id }) => id)).toEqual(racing[won]?.events.map(({ id }) => id));
  },

  "stores a chain that creates, deletes and creates again, and shows the last state": async (bench) => {
    const chain = chainOf("a", [{ life: 1 }, undefined, { life: 2 }, undefined, { life: 3 }]);
    await store(bench, appendsOf(chain), "chain");
    expectExact((await bench.views.get(["a"], call))[0], chain.views[4], bench.types);
    const events = await eventsOf(bench, "a");
    expectExact(fold(nothing, events, "a", bench.types).state, { life: 3 }, bench.types);
  },

  "shows no state behind a chain that ends in a deletion": async (bench) => {
    const chain = chainOf("a", [{ life: 1 }, undefined, { life: 2 }, undefined]);
    await store(bench, appendsOf(chain, 1, 1));
    await store(bench, appendsOf(chain, 2, 4), "chain");
    expect((await bench.views.get(["a"], call))[0]?.state).toBeUndefined();
    expect(await versions(bench, "a")).toEqual([1, 2, 3, 4]);
  },
});
