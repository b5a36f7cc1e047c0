import { isDeepStrictEqual } from "node:util";
import type { Moment, Store } from "@everdraft/core";
import type { Sighting } from "./source-witness.ts";
import { stateDigest } from "./state-digest.ts";
import { createTurns } from "./turns.ts";

type State = Record<string, unknown>;

/** The name under which the demo writes. */
const demoUser = "demo";

/** How a revert and its revert came out. */
export interface RevertProof {
  /** The version that was the newest. */
  readonly from: number;
  /** The version of the revert. */
  readonly version: number;
  /** How many patches it stored. */
  readonly patches: number;
  /** The digest of the state at the moment, and of the state after the revert as it was read back. */
  readonly revert: { readonly wanted: string; readonly found: string; readonly exact: boolean };
  /** The digest of the state before all, and after the revert was reverted. */
  readonly back: { readonly wanted: string; readonly found: string; readonly exact: boolean };
}

/**
 * Reverts a document to a moment at which it lived, and back again, and compares the states that it reads with the expected ones.
 */
export async function proveRevert(store: Store<State>, id: string, moment: Moment): Promise<RevertProof> {
  const head = await store.history(id, { order: "newest", limit: 1 }).toArray();
  const from = head[0]?.version ?? 0;
  const before = await store.get(id);
  const expected = await store.stateAt(id, moment);
  const reverted = await store.revert(id, demoUser, moment, { reason: "shown by the demo" });
  const state = await store.get(id);
  // a document that was deleted is deleted again: there is no state to go back to
  if (before === undefined) await store.delete(id, demoUser);
  else await store.revert(id, demoUser, { version: from }, { reason: "back again" });
  return {
    from,
    version: reverted.version,
    patches: reverted.patches.length,
    revert: compare(expected, state),
    back: compare(before, await store.get(id)),
  };
}

function compare(wanted: State | undefined, found: State | undefined) {
  const digests = { wanted: stateDigest(wanted), found: stateDigest(found) };
  return { ...digests, exact: digests.wanted === digests.found && isDeepStrictEqual(wanted, found) };
}

/** How the states of the past compare with the source they came from. */
export interface RecallProof {
  /** How many dates were asked for. */
  readonly asked: number;
  /** Those at which the store gave something else than the source had. */
  readonly wrong: readonly Date[];
}

/** Asks for a document's state at dates spread over its history, and compares each with the source's state at that time. */
export async function proveRecall(
  store: Store<State>,
  id: string,
  sightings: readonly Sighting[],
  most: number,
  signal?: AbortSignal,
): Promise<RecallProof> {
  const step = Math.max(1, Math.ceil(sightings.length / most));
  const asked = sightings.filter((_, i) => i % step === 0);
  const wrong: Date[] = [];
  const turn = createTurns();
  for (const { at, digest } of asked) {
    await turn();
    signal?.throwIfAborted();
    if (stateDigest(await store.stateAt(id, at)) !== digest) wrong.push(at);
  }
  return { asked: asked.length, wrong };
}
