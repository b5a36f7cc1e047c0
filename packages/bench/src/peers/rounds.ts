import type { Timing, Took } from "../harness.ts";

/** The time of one call after another; undefined where it failed. */
export type Calls = readonly (Took | undefined)[];

/** How many calls come before the measured ones, and how many make a round. */
export interface Rounds {
  readonly warmUp: number;
  readonly each: number;
}

/**
 * The rounds of calls that both sides made one beside the other: the time of a call in a round is the mean of that round. A call that
 * failed on one side counts on neither. The calls behind the last whole round are left out.
 */
export function roundsOf(
  ours: Calls,
  theirs: Calls,
  { warmUp, each }: Rounds,
): { readonly ours: Timing; readonly theirs: Timing } {
  const both: { readonly ours: Took; readonly theirs: Took }[] = [];
  for (let i = warmUp; i < ours.length; i++) {
    const [our, their] = [ours[i], theirs[i]];
    if (our !== undefined && their !== undefined) both.push({ ours: our, theirs: their });
  }
  const count = Math.floor(both.length / each);
  const rounds = Array.from({ length: count }, (_, i) => both.slice(i * each, (i + 1) * each));
  return {
    ours: rounds.map((round) => meanOf(round.map((pair) => pair.ours))),
    theirs: rounds.map((round) => meanOf(round.map((pair) => pair.theirs))),
  };
}

function meanOf(times: readonly Took[]): Took {
  const mean = (clock: keyof Took): number =>
    times.reduce((sum, took) => sum + took[clock], 0) / times.length;
  return { wall: mean("wall"), cpu: mean("cpu") };
}
