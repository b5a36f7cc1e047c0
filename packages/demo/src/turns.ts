import { setImmediate as nextTurn } from "node:timers/promises";

const turnEveryMs = 25;

/**
 * Makes a function to be awaited inside a long loop: SQLite answers within the turn of the event loop that asks, so without it Ctrl-C
 * would be heard only after the loop.
 */
export function createTurns(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < turnEveryMs) return;
    await nextTurn();
    last = performance.now();
  };
}
