import { pace } from "../port/pace.ts";

/** How many are sorted at once, and how many are merged between two looks at the clock. */
const atOnce = 500;

/** A list in order, those that are equal as they were. Others have their turn of the event loop in between. */
export async function sortInPieces<V>(list: readonly V[], compare: (a: V, b: V) => number): Promise<V[]> {
  let sorted: V[][] = [];
  for (let from = 0; from < list.length; from += atOnce) {
    if (from > 0) await pace.turn();
    sorted.push(list.slice(from, from + atOnce).sort(compare));
  }
  while (sorted.length > 1) {
    const merged: V[][] = [];
    for (let i = 0; i < sorted.length; i += 2)
      merged.push(await merge(sorted[i] as V[], sorted[i + 1] ?? [], compare));
    sorted = merged;
  }
  return sorted[0] ?? [];
}

async function merge<V>(a: readonly V[], b: readonly V[], compare: (a: V, b: V) => number): Promise<V[]> {
  const merged: V[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    const isFirst = j === b.length || (i < a.length && compare(a[i] as V, b[j] as V) <= 0);
    merged.push((isFirst ? a[i++] : b[j++]) as V);
    if (merged.length % atOnce === 0) await pace.turn();
  }
  return merged;
}
