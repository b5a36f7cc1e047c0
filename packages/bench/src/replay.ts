import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Store } from "@everdraft/core";
import { type StoredEvent, type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { applyPatches, fold, nothing } from "@everdraft/core/internals";
import { enablePatches, applyPatches as immerApply } from "immer";
import type { Order } from "./documents.ts";
import { interleave } from "./harness.ts";
import { events, writeHistory } from "./history.ts";
import { longestHistory } from "./real-histories.ts";
import { printHeading, printRatio } from "./report.ts";
import { collection, inFolder, onStore } from "./scratch.ts";

const types: ValueTypes = valueTypes([]);
const aim = { at: "least", value: 10 } as const;

/** Replaying decoded events against Immer, which would replay them too. */
export async function compareReplay(): Promise<void> {
  printHeading(
    "Replay of decoded events: how many times faster than Immer's applyPatches, one call an event",
  );
  enablePatches();
  for (const bytes of [1_000, 20_000]) {
    await onEvents(
      (store: Store<Order>) => writeHistory(store, bytes),
      (decoded, id) => compareOn(`${events} events of ${bytes / 1_000} KB`, decoded, id),
    );
  }
  const { id, revisions } = await longestHistory();
  await onEvents(
    async (store: Store<object>) => {
      await store.import(revisions);
      return id;
    },
    (decoded) => compareOn(`${decoded.length} real events`, decoded, id),
  );
}

/** Writes a history, reads its events back, and goes on with them. */
const onEvents = <T extends object>(
  write: (store: Store<T>) => Promise<string>,
  goOn: (decoded: readonly StoredEvent[], id: string) => Promise<void>,
): Promise<void> =>
  inFolder((folder) =>
    onStore<T>(join(folder, "replay.db"), async ({ store, storage }) => {
      const id = await write(store);
      const { log } = await storage.open(collection, { timeoutMs: 1_000 });
      await goOn(await log.read(id, { from: 1, to: 1e6, limit: 1e6 }, { timeoutMs: 10_000 }), id);
    }),
  );

async function compareOn(what: string, decoded: readonly StoredEvent[], id: string): Promise<void> {
  // Immer's type of a patch has a path that can be changed
  const forImmer = decoded.map(({ patches }) =>
    patches.map((patch) => ({ ...patch, path: [...patch.path] })),
  );
  const byImmer = (): unknown => {
    let state: object = {};
    for (const patches of forImmer) state = immerApply(state, patches);
    return state;
  };
  // as fold does: this replay may write to its own copies
  const byApply = (): unknown => {
    const owned = new Set<object>();
    let state: unknown;
    for (const { patches } of decoded) state = applyPatches(state, patches, owned);
    return state;
  };
  const byFold = (): unknown => fold(nothing, decoded, id, types).state;
  const expected = byImmer();
  deepEqual(byApply(), expected);
  deepEqual(byFold(), expected);

  const { immer, apply, withHashes } = await interleave({
    immer: byImmer,
    apply: byApply,
    withHashes: byFold,
  });
  printRatio(`${what}, patches only`, immer, apply, aim);
  printRatio(`${what}, with every hash checked`, immer, withHashes, aim);
}
