// Several writers on the memory storage, whose calls fast-check sends and answers in every order that it can think of.
import { ConflictError, createStore, type Store } from "@everdraft/core";
import type { StoredCollection } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { seeded } from "@everdraft/testkit";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Replaced, wrapStorage } from "../src/store-sections/wrap-storage.ts";

interface Log {
  readonly tokens: readonly string[];
}

/** The work of one writer: edits, each on the current version or only on the version that it has seen. */
type Writer = readonly ("edit" | "edit if unchanged")[];

const anyWriters = fc.array(
  fc.array(fc.constantFrom("edit" as const, "edit if unchanged" as const), { minLength: 1, maxLength: 3 }),
  { minLength: 2, maxLength: 4 },
);

/** A call is sent when the scheduler says so, and its answer arrives when it says so again. */
function scheduled(s: fc.Scheduler, { log, views }: StoredCollection): Replaced {
  const onTheWay =
    <A extends readonly unknown[], R>(name: string, call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await s.schedule(Promise.resolve(), `${name} sent`);
      const answer = await call(...given);
      await s.schedule(Promise.resolve(), `${name} answered`);
      return answer;
    };
  return {
    log: {
      commit: onTheWay("commit", log.commit),
      read: onTheWay("read", log.read),
      head: onTheWay("head", log.head),
    },
    views: { get: onTheWay("view read", views.get), write: onTheWay("view written", views.write) },
  };
}

interface Told {
  readonly acknowledged: Map<string, number>;
  readonly failed: string[];
}

async function write(store: Store<Log>, name: string, acts: Writer, told: Told): Promise<void> {
  let seen = 1;
  for (const [i, act] of acts.entries()) {
    const token = `${name}.${i}`;
    const options = act === "edit if unchanged" ? { expectedVersion: seen } : {};
    try {
      const edited = await store.edit("d", name, (draft) => void draft.tokens.push(token), options);
      told.acknowledged.set(token, edited.version);
      seen = edited.version;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      told.failed.push(token);
      seen = (await store.read("d"))?.version ?? seen;
    }
  }
}

type Break = (beneath: StoredCollection) => Replaced;

/** Laws 4, 5 and 8, in whatever order calls are sent and answered. `onFailed` hears how many edits failed. */
function laws(breakIt: Break, onFailed: (count: number) => void = () => undefined) {
  return fc.asyncProperty(fc.scheduler(), anyWriters, fc.boolean(), async (s, writers, shared) => {
    const memory = memoryStorage();
    const broken = wrapStorage(memory, breakIt);
    const whole = createStore<Log>({ collection: "logs", storage: memory });
    await whole.create("d", "test", { tokens: [] });
    const storage = wrapStorage(broken, (beneath) => scheduled(s, beneath));
    const open = (): Store<Log> => createStore<Log>({ collection: "logs", storage });
    const one = open();
    const stores = writers.map(() => (shared ? one : open()));
    const told: Told = { acknowledged: new Map(), failed: [] };
    const seen: (readonly string[])[] = [];
    const look = async (): Promise<void> => {
      for (let i = 0; i < 6; i++) seen.push((await open().get("d"))?.tokens ?? ["gone"]);
    };
    const acts = writers.map((acts, i) => write(stores[i] as Store<Log>, `w${i}`, acts, told));
    await s.waitFor(Promise.all([...acts, look()]));

    const events = await whole.history("d").toArray();
    const tokens = (await whole.stateAt("d", { version: events.length }))?.tokens ?? [];
    // law 4: versions without holes or doubles
    expect(events.map(({ version }) => version)).toEqual(events.map((_, i) => i + 1));
    // law 5: an acknowledged edit is there once, at its version, and a failed one is not
    expect(tokens.toSorted()).toEqual([...told.acknowledged.keys()].toSorted());
    for (const [token, version] of told.acknowledged) expect(tokens[version - 2]).toBe(token);
    // law 8: each view seen is the fold of a prefix, none earlier than the one before, and the last that of all
    let last = 0;
    for (const view of seen) {
      expect(view).toEqual(tokens.slice(0, view.length));
      expect(view.length).toBeGreaterThanOrEqual(last);
      last = view.length;
    }
    await Promise.all([...new Set(stores)].map((store) => s.waitFor(store.close())));
    expect((await whole.get("d"))?.tokens).toEqual(tokens);
    expect(await whole.verify("d")).toMatchObject({ ok: true, findings: [] });
    onFailed(told.failed.length);
  });
}

test("in whatever order calls are sent and answered, laws 4, 5 and 8 hold", async () => {
  let conflicts = 0;
  await fc.assert(
    laws(
      () => ({}),
      (failed) => {
        conflicts += failed;
      },
    ),
    seeded(200),
  );
  // with the runs of a replay nothing need happen
  if (process.env.RUNS === undefined) expect(conflicts).toBeGreaterThan(0);
}, 600_000);

const planted: readonly (readonly [string, Break])[] = [
  [
    "a view that is written without looking at versions",
    ({ views }) => ({ views: { write: (view, _, call) => views.write(view, "any", call) } }),
  ],
  [
    "a conflict that is called a success",
    ({ log }) => ({
      log: {
        commit: async (...given) =>
          (await log.commit(...given)).map((one) =>
            one.event === "taken" ? { event: "stored", view: "current" } : one,
          ),
      },
    }),
  ],
];

test.each(planted)(
  "an interleaving is found that shows %s",
  async (_, breakIt) => {
    await expect(fc.assert(laws(breakIt), { ...seeded(1000), numRuns: 1000 })).rejects.toThrow();
  },
  600_000,
);
