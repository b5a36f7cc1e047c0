import { pace } from "../../port/pace.ts";

/** How many documents of a range are worked on at once: enough to keep a server busy, few enough for memory. */
const atOnce = 8;

/**
 * Does something for each of a list, several at once, in their order; the first failure ends it. In between others have
 * their turn of the event loop: a storage that answers at once would keep signals and the signs of life of a worker waiting.
 */
export async function each<V>(list: readonly V[], work: (one: V) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < list.length) {
      // looked at right before the work, so that of many lanes no more go on than the turn has room for
      if (pace.isDue()) await pace.turn();
      // another lane may have taken the last one meanwhile
      if (next < list.length) await work(list[next++] as V);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, list.length) }, lane));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
