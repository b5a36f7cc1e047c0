import { isDeepStrictEqual } from "node:util";
import type { Act } from "../hand-written-table.ts";
import type { RealRevision } from "../real-histories.ts";
import type { State } from "./peer.ts";

/** A write of a document: its whole new state. */
export interface Write {
  readonly state: State;
  readonly act: Act;
}

/** A real document: the write that creates it, and its edits. */
export interface History {
  readonly id: string;
  readonly writes: readonly Write[];
}

/** No document has more than this part of a sample, as long as there are others. */
const largestPart = 1 / 4;

/** The histories of documents up to their deletion. A revision that changes nothing is left out. */
export function historiesOf(revisions: Iterable<RealRevision>): readonly History[] {
  const writesOf = new Map<string, Write[]>();
  const deleted = new Set<string>();
  for (const { id, by, reason, state } of revisions) {
    if (state === null) deleted.add(id);
    if (state === null || deleted.has(id)) continue;
    const writes = writesOf.get(id) ?? [];
    writesOf.set(id, writes);
    if (isDeepStrictEqual(writes.at(-1)?.state, state)) continue;
    writes.push({ state, act: { by: `${by}`, reason } });
  }
  return [...writesOf].map(([id, writes]) => ({ id, writes }));
}

/**
 * Chooses histories that have so many edits together, or all if there are fewer: the longest, the shortest, and then those that
 * lie between the chosen ones, so that every length is there whatever the number. The last one is cut where the edits are enough.
 */
export function chooseSample(histories: readonly History[], edits: number): readonly History[] {
  const byLength = [...histories].sort((a, b) => b.writes.length - a.writes.length || (a.id < b.id ? -1 : 1));
  const most = Math.ceil(Math.max(edits * largestPart, edits / byLength.length));
  const chosen: History[] = [];
  let left = edits;
  for (const place of spreadOut(byLength.length)) {
    if (left === 0) break;
    const { id, writes } = byLength[place] as History;
    // the write that creates a document is no edit
    const taken = writes.slice(0, 1 + Math.min(left, most));
    if (taken.length < 2) continue;
    chosen.push({ id, writes: taken });
    left -= taken.length - 1;
  }
  return chosen;
}

/** The numbers below `count`, each as far as can be from those before it: the first, the last, the middle, the quarters, … */
export function spreadOut(count: number): readonly number[] {
  const places = new Set(count > 0 ? [0, count - 1] : []);
  for (let parts = 2; places.size < count; parts *= 2) {
    for (let part = 1; part < parts; part += 2) places.add(Math.floor((part * (count - 1)) / parts));
  }
  return [...places];
}
