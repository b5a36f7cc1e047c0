/** Items that wait to be written together weigh no more than this and one more, in bytes. */
const weightTogether = 4 * 1024 * 1024;

/** Gathers items that take fewer steps together than one by one, and writes them whenever they weigh enough. */
export interface Together<W> {
  /** Adds one; may write all that waits. */
  add(one: W, bytes: number): Promise<void>;
  /** Writes the items that still wait. */
  end(): Promise<void>;
}

/** Begins to gather. `write` is never called for nothing, nor for the same ones twice. */
export function writeTogether<W>(write: (together: readonly W[]) => Promise<void>): Together<W> {
  let waiting: W[] = [];
  let weight = 0;
  const end = async (): Promise<void> => {
    const together = waiting;
    [waiting, weight] = [[], 0];
    if (together.length > 0) await write(together);
  };
  return {
    add: async (one, bytes) => {
      waiting.push(one);
      weight += bytes;
      if (weight > weightTogether) await end();
    },
    end,
  };
}
