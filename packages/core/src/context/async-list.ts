/** A result that is read as it is iterated. Leaving the loop early ends the reading. */
export interface AsyncList<V> extends AsyncIterable<V> {
  /** All of it at once. */
  toArray(): Promise<V[]>;
}

/** Makes a list from a generator function; each iteration calls it anew. */
export function asyncList<V>(generate: () => AsyncIterable<V>): AsyncList<V> {
  return {
    [Symbol.asyncIterator]: () => generate()[Symbol.asyncIterator](),
    toArray: async () => {
      const all: V[] = [];
      for await (const item of generate()) all.push(item);
      return all;
    },
  };
}
