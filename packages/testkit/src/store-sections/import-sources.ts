import { getEventListeners } from "node:events";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { order } from "./order.ts";
import { eventsIn, refused, underWay } from "./refusals.ts";
import { notes, type Rev, start } from "./revisions.ts";
import type { StoreSection } from "./store-bench.ts";

const never = new Promise<never>(() => undefined);

/** A source that gives these and then falls silent. */
interface QuietSource extends AsyncIterable<Rev> {
  /** Resolves when it is asked for the one that never comes. */
  readonly silent: Promise<void>;
  /** How often it was told that no more is wanted. */
  readonly left: () => number;
}

function quiet(revisions: readonly Rev[], atEnd: () => Promise<unknown> = () => never): QuietSource {
  let silent: () => void = () => undefined;
  const isSilent = new Promise<void>((resolve) => {
    silent = resolve;
  });
  let [given, left] = [0, 0];
  const next = async (): Promise<IteratorResult<Rev>> => {
    const value = revisions[given++];
    if (value !== undefined) return { value, done: false };
    silent();
    await atEnd();
    return never;
  };
  const leave = (): Promise<never> => {
    left++;
    return never;
  };
  return {
    silent: isSilent,
    left: () => left,
    [Symbol.asyncIterator]: () => ({ next, return: leave }),
  };
}

/** Sources that fall silent, fail, or use the store that reads them. */
export const importSources: StoreSection = librarySection("importing from sources of all kinds", {
  "an aborted signal ends an import whose source is silent, and what was read is stored": async (bench) => {
    const stop = new AbortController();
    const reason = new Error("enough for today");
    const source = quiet(notes(5));
    const importing = underWay(bench.open().import(source, { signal: stop.signal }));
    const ended = expect(importing).rejects.toBe(reason);
    await source.silent;
    stop.abort(reason);
    await ended;
    expect(source.left()).toBe(1);
    expect(await bench.open().import(notes(6))).toMatchObject({ events: 1, skipped: 5 });
  },

  "closing the store ends an import whose source is silent, and what was read is stored": async (bench) => {
    const store = bench.open();
    const source = quiet(notes(5));
    const ended = underWay(refused(store.import(source), "closed"));
    await source.silent;
    await store.close();
    await ended;
    expect(source.left()).toBe(1);
    expect(await bench.open().import(notes(6))).toMatchObject({ events: 1, skipped: 5 });
  },

  "a source that closes the store that reads it goes on when the store is closed": async ({ open }) => {
    const store = open();
    let closed = 0;
    const closing = async (): Promise<void> => {
      await store.close();
      closed++;
    };
    async function* generator(): AsyncGenerator<Rev> {
      yield* notes(5);
      await closing();
      yield* notes(2);
    }
    await refused(store.import(generator()), "closed");
    await store.close();
    const other = open();
    const source = quiet(notes(8), async () => {
      await other.close();
      closed++;
    });
    await refused(other.import(source), "closed");
    await other.close();
    expect(closed).toBe(2);
    expect(await open().import(notes(8))).toMatchObject({ events: 0, skipped: 8 });
  },

  "what was read is stored when a second has passed without more": async (bench) => {
    const stop = new AbortController();
    const stored = new Promise<void>((resolve) => {
      const onProgress = ({ events }: { events: number }) => (events === 5 ? resolve() : undefined);
      const importing = underWay(bench.open().import(quiet(notes(5)), { signal: stop.signal, onProgress }));
      importing.catch(() => undefined);
    });
    await stored;
    expect(await eventsIn(bench.port, "a")).toHaveLength(2);
    stop.abort();
  },

  "a revision that arrives while others are stored for want of it is not lost": async (bench) => {
    let give: (revision: Rev) => void = () => undefined;
    const late = new Promise<Rev>((resolve) => {
      give = resolve;
    });
    const [first, second, third] = notes(3) as [Rev, Rev, Rev];
    async function* source(): AsyncGenerator<Rev> {
      yield first;
      yield late;
      yield third;
    }
    const onProgress = ({ events }: { events: number }) => (events === 1 ? give(second) : undefined);
    const imported = await bench.open().import(source(), { onProgress });
    expect(imported).toMatchObject({ revisions: 3, events: 3 });
  },

  "a list of promises is read in its order, and a rejected one ends the import": async ({ open }) => {
    const broken = new Error("lost on the way");
    const ofA = (second: number): Rev => ({
      id: "a",
      at: new Date(start + second),
      by: "alice",
      state: order({ note: `${second}` }),
    });
    function* given(): Generator<Rev | Promise<Rev>> {
      yield* [ofA(1), Promise.resolve(ofA(2)), ofA(3)];
      yield Promise.reject(broken);
      yield ofA(5);
    }
    await expect(open().import(given() as Generator<Rev>)).rejects.toBe(broken);
    expect((await open().history("a").toArray()).map(({ at }) => at.getTime() - start)).toEqual([1, 2, 3]);
  },

  "a source that reaches its end is not told to stop, one that is left is, whatever it does then": async ({
    open,
  }) => {
    const told: string[] = [];
    const source = (name: string, revisions: readonly Rev[]): Iterable<Rev> => ({
      [Symbol.iterator]: () => {
        const inner = revisions[Symbol.iterator]();
        const leave = (): never => {
          told.push(name);
          throw new Error("cannot be left");
        };
        return { next: () => inner.next(), return: leave };
      },
    });
    await open().import(source("whole", notes(3)));
    const wrong = { ...(notes(3)[0] as Rev), at: new Date(Number.NaN) };
    await refused(open().import(source("left", [wrong])), "import_order");
    expect(told).toEqual(["left"]);
  },

  "many imports at once make one listener of their signal, and one of their store's own": async ({
    open,
  }) => {
    const warned: string[] = [];
    const hear = ({ name }: Error): void => void warned.push(name);
    process.on("warning", hear);
    const stop = new AbortController();
    const reason = new Error("enough for today");
    const [first] = notes(1) as [Rev];
    const sources = Array.from({ length: 12 }, (_, i) => quiet([{ ...first, id: `n-${i}` }]));
    const store = open();
    const importing = sources.map((source) => store.import(source, { signal: stop.signal }));
    const ended = Promise.all(importing.map((one) => expect(one).rejects.toBe(reason)));
    await Promise.all(sources.map(({ silent }) => silent));
    const listeners = getEventListeners(stop.signal, "abort").length;
    stop.abort(reason);
    await ended;
    process.off("warning", hear);
    expect({ listeners, warned }).toEqual({ listeners: 1, warned: [] });
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
    expect(await open().count()).toBe(12);
  },

  "many imports with one signal leave nothing behind on it": async ({ open }) => {
    const stop = new AbortController();
    const { signal } = stop;
    const [added, removed] = [new Set<unknown>(), new Set<unknown>()];
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      added.add(given[1]);
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      removed.add(given[1]);
      remove(...given);
    };
    const store = open();
    for (let i = 0; i < 3; i++) await store.import(notes(6), { signal });
    await store.import([{ ...notes(1)[0], at: null } as never], { signal }).catch(() => undefined);
    expect(added.size).toBeGreaterThan(0);
    expect(removed).toEqual(added);
  },
});
