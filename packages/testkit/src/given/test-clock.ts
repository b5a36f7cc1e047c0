import { firstTime } from "../build/event-of.ts";

/**
 * A clock that stands still until a test moves it.
 *
 * @example
 * const clock = testClock(Date.UTC(2026, 2, 1));
 * const orders = createStore<Order>({ collection: "orders", storage: memoryStorage(), clock: clock.read });
 * clock.forward(60_000);
 */
export interface TestClock {
  /** The time in milliseconds since 1970, to be set freely. */
  now: number;
  /** Moves on by so many milliseconds (or back, where negative), and gives the new time as a date. */
  forward(ms: number): Date;
  /** The `clock` for `createStore`. */
  readonly read: () => number;
}

/** A clock that shows `start` (milliseconds since 1970), by default the first time of built documents. */
export function testClock(start: number = firstTime): TestClock {
  const clock: TestClock = {
    now: start,
    forward(ms) {
      clock.now += ms;
      return new Date(clock.now);
    },
    read: () => clock.now,
  };
  return clock;
}
