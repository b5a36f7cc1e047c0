import type { Moment, Store, StoreOptions } from "@everdraft/core";
import type { StoredEvent } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { eventsIn } from "./refusals.ts";
import type { StoreBench } from "./store-bench.ts";

/** Any state. */
export type Plain = Record<string, unknown>;

/** The history of a document, as the log has it and as its states were. */
export interface KnownHistory {
  readonly events: readonly StoredEvent[];
  /** The state of each version; undefined where the document was not there. */
  readonly states: readonly (Plain | undefined)[];
  /** The options of a store that reads it. */
  readonly options: Partial<StoreOptions>;
}

/** The options of a store of the second schema, in which states have one field more. */
const secondSchema: Partial<StoreOptions> = {
  schemaVersion: 2,
  migrations: { 1: (state: Plain) => ({ ...state, m: true }) },
};

/** A document in nine versions, a second apart, with every field that an event can have but `act`. */
export async function richHistory(bench: StoreBench, id: string): Promise<KnownHistory> {
  const [history] = await richHistories(bench, [id]);
  return history as KnownHistory;
}

/** Such documents, written together. */
export async function richHistories(bench: StoreBench, ids: readonly string[]): Promise<KnownHistory[]> {
  const { clock } = bench;
  const store = bench.open<Plain>();
  const newer = bench.open<Plain>({
    schemaVersion: 2,
    migrations: { 1: (state: Plain) => ({ ...state, m: true }) },
  });
  const set = (n: number) => (draft: Plain) => void Object.assign(draft, { n });
  const start = clock.now;
  const acts: ((id: string) => Promise<unknown>)[] = [
    (id) => store.create(id, "alice", { n: 1, list: [{ id: 1 }] }, { reason: "begins", meta: { desk: 1 } }),
    (id) => store.edit(id, "bob", set(2), { reason: "asked for" }),
    (id) => store.edit(id, "carol", (draft) => void (draft.list as unknown[]).push({ id: 2 }), { key: "k" }),
    (id) => store.delete(id, "dave", { meta: { ticket: "t" } }),
    (id) => store.restore(id, "erin"),
    (id) => store.revert(id, "frank", new Date(start + 2000)),
    (id) => store.resolve(id, { eventId: "never sent", version: 7 }, { settle: "grace" }),
    (id) => newer.edit(id, "heidi", set(8), { reason: "with migration" }),
    (id) => newer.edit(id, "ivan", set(9)),
  ];
  const states: (readonly (Plain | undefined)[])[] = [];
  for (const act of acts) {
    clock.forward(1000);
    await Promise.all(ids.map(act));
    states.push(await newer.getMany(ids));
  }
  const logs = await Promise.all(ids.map((id) => eventsIn(bench.port, id)));
  return logs.map((events, i) => ({
    events,
    states: states.map((of) => of[i]),
    options: secondSchema,
  }));
}

/** A document of so many versions, in which n is the version, twenty to a millisecond. */
export async function longHistory(bench: StoreBench, id: string, length: number): Promise<KnownHistory> {
  const store = bench.open<Plain>();
  const pad = "x".repeat(800);
  await store.create(id, "alice", { n: 1, pad });
  for (let done = 1; done < length; ) {
    const chunk = Array.from({ length: Math.min(20, length - done) }, () =>
      store.edit(id, `user-${++done % 7}`, (draft) => void Object.assign(draft, { n: Number(draft.n) + 1 })),
    );
    await Promise.all(chunk);
    bench.clock.forward(1);
  }
  await store.close();
  const states = Array.from({ length }, (_, i) => ({ n: i + 1, pad }));
  return { events: await eventsIn(bench.port, id), states, options: {} };
}

const refusals = [
  "corrupt_event",
  "format_too_new",
  "drift",
  "view_ahead",
  "version_ahead",
  "schema_too_new",
];

/** A store that reads a damaged log of "d", and how it is damaged. */
export interface Damaged {
  readonly store: Store<Plain>;
  readonly what: string;
}

/**
 * Insists that a damaged log gives at every moment the true state, or an error that tells of the damage. The moments are
 * these versions, the times of their events, and now.
 */
export async function expectTrueOrRefused(
  { store, what }: Damaged,
  known: KnownHistory,
  versions: readonly number[],
): Promise<void> {
  const { events } = known;
  const moments = versions.flatMap((version): readonly (readonly [Moment, number])[] => {
    const { at = 0 } = events[version - 1] ?? {};
    const last = events.findLast((event) => event.at <= at)?.version ?? 0;
    return [
      [{ version }, version],
      [new Date(at), last],
    ];
  });
  for (const [moment, version] of [...moments, [undefined, events.length] as const]) {
    const found = await answer(store, moment);
    if (found !== "refused")
      expect({ what, moment, found }).toEqual({ what, moment, found: truth(known, version) });
  }
}

async function answer(store: Store<Plain>, moment: Moment | undefined): Promise<unknown> {
  try {
    const read = await store.read("d", moment);
    return { version: read?.version, at: read?.at.getTime(), by: read?.by, state: read?.state };
  } catch (error) {
    return refusals.includes((error as { code: string }).code) ? "refused" : error;
  }
}

function truth({ events, states }: KnownHistory, version: number): unknown {
  const state = states[version - 1];
  // readers are told of the newest event that is no blank
  const told = events.findLast((event) => event.version <= version && event.type !== "blank");
  return state === undefined ? { state } : { version: told?.version, at: told?.at, by: told?.by, state };
}
