import { expect } from "vitest";
import { type Chain, chainOf } from "../build/chain-of.ts";
import { withDigest } from "../build/view-of.ts";
import { rendezvous } from "../rendezvous.ts";
import { at, type Bench, call, expectExact, type PortSection, writeView } from "./bench.ts";
import { expectView } from "./expect-view.ts";
import { section } from "./section.ts";

type Views = Chain["views"];

/** How current states are written and given back. */
export const views: PortSection = section("views", {
  "gives views in the order of the ids, and nothing for unknown ones": async (bench) => {
    const [a, b] = [chainOf("a", 1), chainOf("b", 2)];
    await writeView(bench, at(a.views, 0));
    await writeView(bench, at(b.views, 1));
    const found = await bench.views.get(["b", "unknown", "a", "b"], call);
    expectExact(found, [b.views[1], undefined, a.views[0], b.views[1]], bench.types);
  },

  "keeps every field of a view": async (bench) => {
    const chain = chainOf("a", [{ name: "x" }], () => ({ by: "somebody", schema: 5, at: 1_700_000_000_123 }));
    const { digest: _, ...facts } = at(chain.views, 0);
    const view = withDigest({ ...facts, version: 9, changed: 7, since: 123_456_789 });
    await writeView(bench, view);
    expectExact((await bench.views.get(["a"], call))[0], view, bench.types);
  },

  "replaces a view by a higher version, wholly": async (bench) => {
    const chain = chainOf("a", [
      { old: 1, both: 1 },
      { both: 2, now: 2 },
    ]);
    await writeView(bench, at(chain.views, 0));
    expect(await bench.views.write(at(chain.views, 1), "lower", call)).toBe("current");
    await expectView(bench, chain, 2);
  },

  "lets no lower version over a higher one, and calls that current": async (bench) => {
    const chain = chainOf("a", 3);
    await writeView(bench, at(chain.views, 2));
    expect(await bench.views.write(at(chain.views, 1), "lower", call)).toBe("current");
    expect(await bench.views.write(at(chain.views, 0), "lower", call)).toBe("current");
    await expectView(bench, chain, 3);
  },

  "lets no other view of the same version over the first": async (bench) => {
    const [first, second] = [chainOf("a", [{ from: "first" }]), chainOf("a", [{ from: "second" }])];
    await writeView(bench, at(first.views, 0));
    expect(await bench.views.write(at(second.views, 0), "lower", call)).toBe("current");
    await expectView(bench, first, 1);
  },

  "takes a view away by a deletion with a higher version": async (bench) => {
    const chain = chainOf("a", [{ n: 1 }, undefined]);
    await writeView(bench, at(chain.views, 0));
    await expectView(bench, chain, 1);
    expect(await bench.views.write(at(chain.views, 1), "lower", call)).toBe("current");
    await expectAbsent(bench);
  },

  "lets no deletion of a lower or the same version take a view away": async (bench) => {
    const chain = chainOf("a", [{ n: 1 }, undefined, { n: 3 }]);
    await writeView(bench, at(chain.views, 2));
    expect(await bench.views.write(at(chain.views, 1), "lower", call)).toBe("current");
    await expectView(bench, chain, 3);
    expect(await bench.views.write({ ...at(chain.views, 1), version: 3 }, "lower", call)).toBe("current");
    await expectView(bench, chain, 3);
  },

  "says inserted where nothing was, or remembers the versions of deleted documents": async (bench) => {
    const chain = chainOf("a", [{ n: 1 }, { n: 2 }, undefined, { n: 4 }]);
    const first = await bench.views.write(at(chain.views, 1), "lower", call);
    await expectView(bench, chain, 2);
    await writeView(bench, at(chain.views, 2));
    const late = await bench.views.write(at(chain.views, 0), "lower", call);
    const [found] = await bench.views.get(["a"], call);
    // a late writer either is kept out, or hears that it has to look at the head once more
    expect([first, late]).toEqual(
      found?.state === undefined ? ["current", "current"] : ["inserted", "inserted"],
    );
    await writeView(bench, at(chain.views, 3));
    await expectView(bench, chain, 4);
  },

  "writes many views together as it would one by one, each on its own": async (bench) => {
    const chains = ["a", "b", "c", "d"].map((doc) => chainOf(doc, [{ n: 1 }, { n: 2 }, undefined]));
    const [a, b, c, d] = chains.map(({ views }) => views) as [Views, Views, Views, Views];
    for (const view of [at(a, 0), at(b, 1), at(c, 0)]) await writeView(bench, view);
    const wanted = [at(a, 1), at(b, 0), at(c, 2), at(d, 1)];
    const outcomes =
      (await bench.views.writeMany?.(wanted, call)) ??
      (await Promise.all(wanted.map((view) => bench.views.write(view, "lower", call))));
    expect(outcomes.slice(0, 3)).toEqual(["current", "current", "current"]);
    expect(["current", "inserted"]).toContain(outcomes[3]);
    const found = await bench.views.get(["a", "b", "c", "d"], call);
    expect(found.map((view) => view?.state?.n)).toEqual([2, 2, undefined, 2]);
    expect((await bench.views.writeMany?.([], call)) ?? []).toEqual([]);
  },

  "writes any version over any other for repair": async (bench) => {
    const chain = chainOf("a", [{ n: 1 }, { n: 2 }, undefined, { n: 4 }]);
    await writeView(bench, at(chain.views, 3));
    for (const version of [2, 1]) {
      expect(["current", "inserted"]).toContain(
        await bench.views.write(at(chain.views, version - 1), "any", call),
      );
      await expectView(bench, chain, version);
    }
    expect(["current", "inserted"]).toContain(await bench.views.write(at(chain.views, 2), "any", call));
    await expectAbsent(bench);
    expect(["current", "inserted"]).toContain(await bench.views.write(at(chain.views, 0), "any", call));
    await expectView(bench, chain, 1);
  },

  "goes on from the version that a repair wrote": async (bench) => {
    const chain = chainOf("a", 5);
    await writeView(bench, at(chain.views, 4));
    await bench.views.write(at(chain.views, 1), "any", call);
    expect(await bench.views.write(at(chain.views, 2), "lower", call)).toBe("current");
    await expectView(bench, chain, 3);
  },

  "ends at the highest version, in whatever order five writers come": async (bench) => {
    const orders = permutations([1, 2, 3, 4, 5]);
    const chains = orders.map((_, i) => chainOf(`doc-${i}`, 5));
    for (let step = 0; step < 5; step++) {
      await Promise.all(
        chains.map((chain, i) => writeView(bench, at(chain.views, at(at(orders, i), step) - 1))),
      );
    }
    const ids = chains.map(({ views }) => at(views, 0).id);
    const found = await bench.views.get(ids, call);
    expect(found.map((view) => [view?.version, view?.state])).toEqual(orders.map(() => [5, { n: 5 }]));
  },

  "ends at the highest version when twenty writers come at once": async (bench) => {
    const chain = chainOf("a", 20);
    const shuffled = chain.views.toSorted((a, b) => ((a.version * 7) % 20) - ((b.version * 7) % 20));
    const raced = await rendezvous(shuffled.map((view) => () => writeView(bench, view)));
    for (const one of raced) if ("error" in one) throw one.error;
    await expectView(bench, chain, 20);
  },
});

async function expectAbsent(bench: Bench): Promise<void> {
  const [view] = await bench.views.get(["a"], call);
  expect(view?.state).toBeUndefined();
  expect(await bench.views.find({ filter: {}, sort: [], limit: 10 }, call)).toEqual([]);
  expect(await bench.views.count({}, call)).toBe(0);
}

function permutations(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((first) => {
    return permutations(values.filter((other) => other !== first)).map((rest) => [first, ...rest]);
  });
}
