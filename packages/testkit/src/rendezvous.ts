/** The outcome of one racer: its answer, or its error. */
export type Raced<T> =
  | {
      /** Its answer. */
      readonly value: T;
    }
  | {
      /** Its error. */
      readonly error: unknown;
    };

/**
 * Starts all racers in the same turn and waits for all of them. Each outcome comes back as a value, in the
 * order of the racers, so that a test can count winners and losers alike.
 */
export async function rendezvous<T>(racers: readonly (() => Promise<T>)[]): Promise<Raced<T>[]> {
  const settled = await Promise.allSettled(racers.map(async (start) => start()));
  return settled.map((one) => (one.status === "fulfilled" ? { value: one.value } : { error: one.reason }));
}
