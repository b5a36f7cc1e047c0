/** One turn of a candidate. A synchronous turn is not awaited, so that it costs no turn of the event loop. */
export type Candidate = (turn: number) => unknown;

/** The time of one turn in each round, in nanoseconds. The rounds of candidates measured together belong together. */
export type Timing = readonly number[];

/** A number of every round: its median, and how far the rounds lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** How long a comparison goes on. */
export interface Length {
  /** Default 31. */
  readonly rounds?: number;
  /** How long each candidate runs in each round, in milliseconds. Default 80. */
  readonly ms?: number;
}

const warmUpMs = 400;

/**
 * Times candidates against each other. In every round each of them runs for about the same time, and each round begins with
 * another one: other work of the machine hits all of them alike, and so do the leftovers of one candidate (garbage, dirty pages)
 * for the next.
 */
export async function interleave<Name extends string>(
  candidates: Readonly<Record<Name, Candidate>>,
  { rounds = 31, ms = 80 }: Length = {},
): Promise<Readonly<Record<Name, Timing>>> {
  const names = Object.keys(candidates) as Name[];
  const runners: (() => Promise<number>)[] = [];
  for (const name of names) runners.push(await warmUp(candidates[name], ms));
  const timings: number[][] = names.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const next = (round + i) % names.length;
      timings[next]?.push((await runners[next]?.()) as number);
    }
  }
  return Object.fromEntries(names.map((name, i) => [name, timings[i]])) as Record<Name, number[]>;
}

/**
 * Runs a candidate until it is compiled and its caches are filled, and finds how many turns fill a round. Gives a function that
 * runs a round and returns the nanoseconds of one turn.
 */
async function warmUp(candidate: Candidate, ms: number): Promise<() => Promise<number>> {
  let turn = 0;
  const runTurns = async (count: number): Promise<number> => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) {
      const result = candidate(turn++);
      if (result instanceof Promise) await result;
    }
    return Number(process.hrtime.bigint() - start);
  };
  const until = performance.now() + warmUpMs;
  let fastest = Number.POSITIVE_INFINITY;
  for (let count = 1; performance.now() < until; count = Math.min(count * 2, 64)) {
    fastest = Math.min(fastest, (await runTurns(count)) / count);
  }
  const turns = Math.max(1, Math.round((ms * 1e6) / fastest));
  return async () => (await runTurns(turns)) / turns;
}

/** How many times as long the one takes as the other, compared within each round. */
export function ratio(timing: Timing, base: Timing): Spread {
  return spread(timing.map((ns, round) => ns / (base[round] as number)));
}

/** The median and the ends. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, median, max] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((i) => sorted[i]);
  return { median: median as number, min: min as number, max: max as number };
}
