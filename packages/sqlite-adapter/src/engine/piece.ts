import { pace } from "@everdraft/core/adapter";

/** Something made of the first rows of a statement. */
export interface Piece<V> {
  readonly made: readonly V[];
  /** Whether they were all. */
  readonly isLast: boolean;
}

/** Makes something of each row until others are to have their turn, of the first one in any case. Within a step. */
export function piece<R, V>(rows: Iterable<R>, make: (row: R) => V): Piece<V> {
  const made: V[] = [];
  for (const row of rows) {
    made.push(make(row));
    if (pace.isDue()) return { made, isLast: false };
  }
  return { made, isLast: true };
}

/** How many rows are read first. */
const fewRows = 16;

/**
 * Up to `limit` rows, read some at a time and each time twice as many: one by one takes longer than to decode them, and all at
 * once may be many bytes. `read` is given how many are wanted, and the last row before them.
 */
export function* someAtATime<R>(
  limit: number,
  read: (limit: number, last: R | undefined) => readonly R[],
): Generator<R> {
  let last: R | undefined;
  for (let [left, size] = [limit, fewRows]; left > 0; left -= size, size *= 2) {
    const wanted = Math.min(left, size);
    const rows = read(wanted, last);
    yield* rows;
    if (rows.length < wanted) return;
    last = rows.at(-1);
  }
}
