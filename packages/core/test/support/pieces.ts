/** The longest piece of some work between two turns of the event loop, and how long all of it took, by a clock that the work moves. */
export async function piecesOf(
  now: () => number,
  work: () => Promise<unknown>,
): Promise<{ readonly longest: number; readonly all: number }> {
  const began = now();
  let [longest, before, ended] = [0, began, false];
  const look = (): void => {
    longest = Math.max(longest, now() - before);
    before = now();
  };
  const turn = (): void => {
    look();
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  look();
  ended = true;
  return { longest, all: now() - began };
}
