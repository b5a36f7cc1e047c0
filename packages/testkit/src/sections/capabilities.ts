import { encode, idKey, isIntact, type PlainObject, recordOf } from "@everdraft/core/adapter";
import { checkId, digestOf } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { at, call, type PortSection, store, versions } from "./bench.ts";
import { section } from "./section.ts";

/** Sizes above this one are not tried out: a test should not need gigabytes. */
const largestTried = 16 * 1024 * 1024;

/** Whether a storage has the capabilities that it declares. */
export const capabilities: PortSection = section("capabilities", {
  "declares a name, texts as ids, sizes worth having, and tags of its own for value types": async ({
    storage,
  }) => {
    const { idKinds, valueTypes, eventBytes, stateBytes } = storage.capabilities;
    expect(storage.name).not.toBe("");
    expect(idKinds.some((kind) => kind.is("a text"))).toBe(true);
    expect(Math.min(eventBytes, stateBytes)).toBeGreaterThanOrEqual(1024 * 1024);
    const tags = valueTypes.map(({ tag }) => tag);
    expect(tags.filter((tag) => !(Number.isInteger(tag) && tag >= 16 && tag <= 255))).toEqual([]);
    expect(new Set(tags).size).toBe(tags.length);
  },

  "has a clock that can be compared, where it has one at all": async (bench) => {
    const offset = await bench.storage.clockOffset?.(call);
    expect(Number.isFinite(offset ?? 0)).toBe(true);
    // and at least half a century of agreement with the machine that runs this
    expect(Math.abs(offset ?? 0)).toBeLessThan(50 * 365 * 86_400_000);
    await store(bench, [{ event: eventOf({ doc: "a" }) }]);
  },

  "stores documents under ids of every declared kind, and leaves no other kind to chance": async (bench) => {
    const samples = ["a text", 7, ...(bench.fixture.samples?.ids ?? [])];
    expect(bench.kinds.length).toBeGreaterThan(0);
    for (const kind of bench.kinds) {
      const own = samples.filter((sample) => kind.is(sample));
      const hint = `the fixture gives ids of the declared kind ${kind.name} in samples.ids`;
      expect(own.length, hint).toBeGreaterThan(0);
      for (const doc of own)
        await store(bench, appendsOf(chainOf(doc, [{ mine: idKey(doc) }], undefined, bench.types)));
      expect((await bench.views.get(own, call)).map((view) => view?.state?.mine)).toEqual(own.map(idKey));
    }
    for (const stranger of [true, null, undefined, 1.5, Number.NaN, {}, [], { $gt: "" }, new Date(0)]) {
      expect(() => checkId(stranger, bench.kinds)).toThrow(expect.objectContaining({ code: "id" }));
    }
  },

  "stores an event as large as it declares": async (bench) => {
    const size = Math.min(bench.storage.capabilities.eventBytes, largestTried);
    const { patches } = filled(size, (made) =>
      recordOf(eventOf({ doc: "a", patches: made.patches }), bench.types),
    );
    const event = eventOf({ doc: "a", patches });
    expect(recordOf(event, bench.types)).toHaveLength(size);
    await store(bench, [{ event }]);
    const found = await bench.log.head("a", 0, call);
    expect(digestOf(found?.patches, bench.types)).toBe(digestOf(event.patches, bench.types));
  },

  "stores a state as large as it declares": async (bench) => {
    const size = Math.min(bench.storage.capabilities.stateBytes, largestTried);
    const { state } = filled(size, ({ state }) => encode(state, bench.types));
    expect(encode(state, bench.types)).toHaveLength(size);
    const view = viewAfter(eventOf({ doc: "a" }), state, bench.types);
    expect(["current", "inserted"]).toContain(await bench.views.write(view, "lower", call));
    const [found] = await bench.views.get(["a"], call);
    expect(digestOf(found?.state, bench.types)).toBe(digestOf(view.state, bench.types));
    expect(found && isIntact(found, bench.types)).toBe(true);
  },

  "shows a view at once with its event where it declares atomic, and never before it": async (bench) => {
    const chain = chainOf("a", 60);
    let done = false;
    const write = async (): Promise<void> => {
      try {
        for (let version = 1; version <= 60; version++)
          await store(bench, appendsOf(chain, version, version));
      } finally {
        done = true;
      }
    };
    const look = async (): Promise<void> => {
      while (!done) {
        const head = (await bench.log.head("a", 0, call))?.version ?? 0;
        const [view] = await bench.views.get(["a"], call);
        const after = (await bench.log.head("a", 0, call))?.version ?? 0;
        expect(view?.version ?? 0).toBeLessThanOrEqual(after);
        if (bench.storage.capabilities.atomic) expect(view?.version ?? 0).toBeGreaterThanOrEqual(head);
        // a storage in memory answers without ever leaving the queue of promises
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all([write(), look()]);
    expect(await versions(bench, "a")).toHaveLength(60);
  },

  "writes each view with its event where it declares atomic, and says what became of it where not": async (
    bench,
  ) => {
    const chains = Array.from({ length: 20 }, (_, i) => chainOf(`doc-${i}`, 1));
    const appends = chains.flatMap((chain) => appendsOf(chain));
    const outcomes = await bench.log.commit(appends, "independent", call);
    const found = await bench.views.get(
      appends.map(({ event }) => event.doc),
      call,
    );
    outcomes.forEach((outcome, i) => {
      const view = outcome.event === "stored" ? outcome.view : undefined;
      const allowed = bench.storage.capabilities.atomic
        ? ["current", "inserted"]
        : ["current", "inserted", "behind"];
      expect(allowed).toContain(view);
      expect(found[i]?.version).toBe(view === "behind" ? undefined : at(appends, i).event.version);
    });
  },
});

/** An event's patches with a state that together take exactly so many bytes. */
function filled(size: number, measure: (made: Filled) => Uint8Array): Filled {
  const made = (length: number): Filled => {
    const state = { text: "x".repeat(length) };
    return { state, patches: [{ op: "replace", path: [], value: state }] };
  };
  // twice, as the length of a text takes some bytes too
  const first = made(size - measure(made(0)).length);
  return made(first.state.text.length - (measure(first).length - size));
}

interface Filled {
  readonly state: PlainObject & { readonly text: string };
  readonly patches: readonly [{ readonly op: "replace"; readonly path: []; readonly value: PlainObject }];
}
