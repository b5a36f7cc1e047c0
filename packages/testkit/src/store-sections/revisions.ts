import type { Revision, Store } from "@everdraft/core";
import { expect } from "vitest";
import { type Order, order } from "./order.ts";

/** The time of the first revision, in milliseconds. */
export const start: number = Date.UTC(2020, 0, 1);
/** The documents of `notes`. */
export const ids: readonly string[] = ["a", "b", "c"];

/** A revision of an order. */
export type Rev = Revision<Order>;

/** So many revisions of three documents in turn, a second apart. */
export function notes(length: number): Rev[] {
  return Array.from({ length }, (_, i) => ({
    id: ids[i % 3] as string,
    at: new Date(start + i * 1000),
    by: `user-${i % 4}`,
    state: order({ note: `${i}` }),
    reason: `change ${i}`,
  }));
}

/** Insists that the documents have exactly the history of so many `notes`. */
export async function expectWhole(store: Store<Order>, length: number): Promise<void> {
  const revisions = notes(length);
  for (const [d, id] of ids.entries()) {
    const own = revisions.filter((_, i) => i % 3 === d);
    const events = await store.history(id).toArray();
    expect(events.map(({ at, by, reason, type }) => [at, by, reason, type])).toEqual(
      own.map(({ at, by, reason }) => [at, by, reason, "imported"]),
    );
    expect(await store.get(id)).toEqual(own.at(-1)?.state);
    expect(await store.verify(id)).toMatchObject({ ok: true, version: own.length });
  }
}
