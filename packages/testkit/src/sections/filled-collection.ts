import type { StoredCollection, ValueTypes } from "@everdraft/core/adapter";
import { snapshotOf } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, type Chain } from "../build/chain-of.ts";
import { foldOf } from "../build/fold-of.ts";
import { plainTypes } from "../build/plain-types.ts";
import { at, call, eventsOf, expectExact, store } from "./bench.ts";

/** Puts the history of document "a" into every part of a collection. */
export async function fill(collection: StoredCollection, chain: Chain): Promise<void> {
  await store(collection, appendsOf(chain), "chain");
  await collection.snapshots.put(snapshotOf(foldOf(chain.events), "a", plainTypes), call);
  await collection.checkpoints.put("one", { head: at(chain.events, -1).hash }, call);
}

/** Insists that a collection holds exactly the documents of `fill`. */
export async function expectFilled(
  found: StoredCollection,
  { events, views }: Chain,
  types: ValueTypes,
): Promise<void> {
  expectExact(await eventsOf(found, "a"), events, types);
  expect(await found.log.documents({ limit: 10 }, call)).toEqual(["a"]);
  expectExact(await found.views.get(["a"], call), [views.at(-1)], types);
  expect(await found.views.count({}, call)).toBe(1);
  const { before } = await found.snapshots.around("a", { version: events.length }, call);
  expectExact(before, snapshotOf(foldOf(events), "a", types), types);
  expectExact(await found.checkpoints.get("one", call), { head: at(events, -1).hash }, types);
}
