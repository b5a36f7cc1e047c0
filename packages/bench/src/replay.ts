import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { createStore, type Storage, type Store } from "@everdraft/core";
import { type StoredEvent, type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { applyPatches, fold, nothing } from "@everdraft/core/internals";
import { enablePatches, applyPatches as immerApply } from "immer";
import type { Order } from "./documents.ts";
import type { Aim } from "./figures.ts";
import { type Candidate, interleave } from "./harness.ts";
import { events, writeHistory } from "./history.ts";
import { longestHistory } from "./real-histories.ts";
import { recordsOnly } from "./records-only.ts";
import { printHeading, printRatio } from "./report.ts";
import { collection, inFolder, onStore, sizeName } from "./scratch.ts";

const types: ValueTypes = valueTypes([]);
const least = (value: number): Aim => ({ at: "least", value });

/** Replays against Immer, which would replay the same patches. */
export async function compareReplay(): Promise<void> {
  printHeading(
    "Replay: how many times faster than Immer's applyPatches on decoded patches, one call an event",
  );
  enablePatches();
  for (const [bytes, aim] of [[1_000, 2.4] as const, [20_000, 11] as const]) {
    await onEvents(
      (store: Store<Order>) => writeHistory(store, bytes),
      (history) => compareOn(`${events} events of ${sizeName(bytes)}`, history, least(aim)),
    );
  }
  const { id, revisions } = await longestHistory();
  await onEvents(
    async (store: Store<object>) => {
      await store.import(revisions);
      return id;
    },
    (history) => compareOn(`${history.decoded.length} real events`, history),
  );
}

/** A history in memory: its events decoded, and a storage that has nothing but their records. */
interface History {
  readonly id: string;
  readonly decoded: readonly StoredEvent[];
  readonly records: Storage<string>;
}

/** Writes a history, reads its events back, and goes on with them. */
const onEvents = <T extends object>(
  write: (store: Store<T>) => Promise<string>,
  goOn: (history: History) => Promise<void>,
): Promise<void> =>
  inFolder((folder) =>
    onStore<T>(join(folder, "replay.db"), async ({ store, storage }) => {
      const id = await write(store);
      const { log } = await storage.open(collection, { timeoutMs: 1_000 });
      const decoded = await log.read(id, { from: 1, to: 1e6, limit: 1e6 }, { timeoutMs: 10_000 });
      await goOn({ id, decoded, records: await recordsOnly(storage, id) });
    }),
  );

async function compareOn(what: string, { id, decoded, records }: History, aim?: Aim): Promise<void> {
  const byImmer = replayByImmer(decoded);
  // as fold does: this replay may write to its own copies
  const byApply = (): unknown => {
    const owned = new Set<object>();
    let state: unknown;
    for (const { patches } of decoded) state = applyPatches(state, patches, owned);
    return state;
  };
  const byFold = (): unknown => fold(nothing, decoded, id, types).state;
  const store = createStore<object>({ collection, storage: records, cache: { maxBytes: 0 } });
  const byRecords = (): Promise<unknown> => store.stateAt(id, { version: decoded.length });
  const expected = byImmer(0);
  deepEqual(byApply(), expected);
  deepEqual(byFold(), expected);
  deepEqual(await byRecords(), expected);

  const timings = await interleave({ immer: byImmer, apply: byApply, events: byFold, records: byRecords });
  const { immer } = timings;
  printRatio(`replay, ${what}, patches only`, immer, timings.apply, { aim: least(10) });
  printRatio(`replay, ${what}, decoded, every hash checked`, immer, timings.records, { aim });
  printRatio(`replay, ${what}, encoded again, every hash checked`, immer, timings.events);
  await store.close();
}

/** A replay of decoded events by Immer, whose type of a patch has a path that can be changed. */
function replayByImmer(decoded: readonly StoredEvent[]): Candidate {
  const forImmer = decoded.map(({ patches }) =>
    patches.map(({ op, path, ...value }) => ({ op, path: [...path], ...value })),
  );
  return () => {
    let state: object = {};
    for (const patches of forImmer) state = immerApply(state, patches);
    return state;
  };
}
