import { firstTime } from "../build/event-of.ts";

/** A clock that stands still unless a check moves it, also backwards. */
export interface TestClock {
  /** The time in milliseconds, to be set freely. */
  now: number;
  /** Moves on (or back, where negative), and gives the new time as a date. */
  forward(ms: number): Date;
  /** What `createStore` takes. */
  readonly read: () => number;
}

/** A clock that shows the first time of built documents. */
export function testClock(): TestClock {
  const clock: TestClock = {
    now: firstTime,
    forward(ms) {
      clock.now += ms;
      return new Date(clock.now);
    },
    read: () => clock.now,
  };
  return clock;
}
