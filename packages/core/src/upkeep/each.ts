/** Does something for each of a list, several at once, in their order; the first failure ends it. */
export async function each<V>(
  list: readonly V[],
  atOnce: number,
  work: (one: V) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < list.length) await work(list[next++] as V);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, list.length) }, lane));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
