import type { PlainObject, Snapshot, View } from "@everdraft/core/adapter";
import { snapshotOf } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, chainOf } from "../build/chain-of.ts";
import { foldOf } from "../build/fold-of.ts";
import { at, type Bench, call, eventsOf, expectEvent, expectExact, store } from "./bench.ts";

/**
 * Sends a state through everything that holds one (an event's patches and meta, the view, a snapshot), also
 * as a later change, and insists that it comes back exactly.
 */
export async function expectRoundTrip(bench: Bench, state: PlainObject, doc = "a"): Promise<void> {
  const { types } = bench;
  // the second event sets each key by a patch of its own, so that keys travel in paths too
  const chain = chainOf(
    doc,
    [{}, state, undefined, state],
    () => ({ meta: state, reason: "there and back" }),
    types,
  );
  const [view, snapshot] = [at(chain.views, 3), snapshotOf(foldOf(chain.events, types), doc, types)];
  await store(bench, appendsOf(chain), "chain");
  await bench.snapshots.put(snapshot, call);

  const events = await eventsOf(bench, doc);
  expect(events).toHaveLength(4);
  chain.events.forEach((event, i) => {
    expectEvent(events[i], event, chain.events[i - 1]?.hash ?? null, types);
  });
  expectExact(foldOf(events, types), foldOf(chain.events, types), types);
  await expectView(bench, view);
  await expectSnapshot(bench, snapshot);
}

async function expectView(bench: Bench, view: View): Promise<void> {
  expectExact((await bench.views.get([view.id], call))[0], view, bench.types);
  const found = await bench.views.find({ filter: { _id: { $eq: view.id } }, sort: [], limit: 10 }, call);
  expectExact(found, [view], bench.types);
}

async function expectSnapshot(bench: Bench, snapshot: Snapshot): Promise<void> {
  const { before } = await bench.snapshots.around(snapshot.doc, { version: 4 }, call);
  expectExact(before, snapshot, bench.types);
}
