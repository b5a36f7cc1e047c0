/** Writes that were reported lost and are still on their way. */
export interface LateLandings {
  /** Puts one on its way. */
  add(send: () => Promise<unknown>): void;
  /**
   * Counts one call of any kind, before it is carried out. Landings that are due by then come first: then there is something to
   * wait for.
   */
  tick(): Promise<void> | undefined;
  /** How many are on their way. */
  count(): number;
  /** Lets all land, in the order in which they were sent. */
  landAll(): Promise<void>;
  /** Loses all for good. */
  dropAll(): void;
}

/** Keeps late writes until `after` further calls, or until they are asked for. */
export function lateLandings(after: number = Number.POSITIVE_INFINITY): LateLandings {
  let waiting: { readonly send: () => Promise<unknown>; calls: number }[] = [];
  const land = async (due: (calls: number) => boolean): Promise<void> => {
    const landing = waiting.filter(({ calls }) => due(calls));
    waiting = waiting.filter(({ calls }) => !due(calls));
    for (const { send } of landing) {
      // nobody waits for its answer: the slot may be taken, or the storage closed
      await send().catch(() => undefined);
    }
  };
  return {
    add: (send) => void waiting.push({ send, calls: after }),
    tick: () => {
      for (const one of waiting) one.calls--;
      return waiting.some(({ calls }) => calls <= 0) ? land((calls) => calls <= 0) : undefined;
    },
    count: () => waiting.length,
    landAll: () => land(() => true),
    dropAll: () => {
      waiting = [];
    },
  };
}
