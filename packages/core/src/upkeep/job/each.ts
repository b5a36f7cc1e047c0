import { setImmediate as nextTurn } from "node:timers/promises";

/** How many documents of a range are worked on at once: enough to keep a server busy, few enough for memory. */
const atOnce = 8;

/**
 * Does something for each of a list, several at once, in their order; the first failure ends it. Before each the event
 * loop has its turn: a storage that answers at once would keep signals and the signs of life of a worker waiting.
 */
export async function each<V>(list: readonly V[], work: (one: V) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < list.length) {
      await nextTurn();
      // another lane may have taken the last one meanwhile
      if (next < list.length) await work(list[next++] as V);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, list.length) }, lane));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
