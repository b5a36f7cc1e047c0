import { settings } from "./settings.ts";

/** One turn of a candidate. A synchronous turn is not awaited, so that it costs no turn of the event loop. */
export type Candidate = (turn: number) => unknown;

/** The nanoseconds of one turn in one round. */
export interface Took {
  readonly wall: number;
  /** User and system time of the whole process, the collector's threads included. */
  readonly cpu: number;
}

/** One turn in each round. The rounds of candidates measured together belong together. */
export type Timing = readonly Took[];

/** The time by which a ratio is formed. */
export type Clock = keyof Took;

/** A number of every round: its median, and how far the rounds lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A ratio by both clocks. */
export type Ratio = Readonly<Record<Clock, Spread>>;

/** How long a comparison goes on. `--rounds` and `--ms` take its place. */
export interface Length {
  /** Default 31. */
  readonly rounds?: number;
  /** How long each candidate runs in each round, in milliseconds. Default 80. */
  readonly ms?: number;
}

/** Until code is compiled: on a loaded machine the clock on the wall says little about that. */
const warmUpCpuMs = 400;
const warmUpAtMostMs = 2_000;

/**
 * Times candidates against each other. In every round each of them runs for about the same time, and each round begins with
 * another one: other work of the machine hits all of them alike, and so do the leftovers of one candidate (garbage, dirty pages)
 * for the next.
 */
export async function interleave<Name extends string>(
  candidates: Readonly<Record<Name, Candidate>>,
  length: Length = {},
): Promise<Readonly<Record<Name, Timing>>> {
  const ms = settings.ms ?? length.ms ?? 80;
  const rounds = settings.rounds ?? length.rounds ?? 31;
  const names = Object.keys(candidates) as Name[];
  const runners: (() => Promise<Took>)[] = [];
  for (const name of names) runners.push(await warmUp(candidates[name], ms));
  const timings: Took[][] = names.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const next = (round + i) % names.length;
      timings[next]?.push((await runners[next]?.()) as Took);
    }
  }
  return Object.fromEntries(names.map((name, i) => [name, timings[i]])) as Record<Name, Took[]>;
}

/**
 * Runs a candidate until it is compiled and its caches are filled, and finds how many turns fill a round. Gives a function that
 * runs a round and returns the time of one turn.
 */
async function warmUp(candidate: Candidate, ms: number): Promise<() => Promise<Took>> {
  let turn = 0;
  const runTurns = (count: number): Promise<Took> =>
    timed(async () => {
      for (let i = 0; i < count; i++) {
        const result = candidate(turn++);
        if (result instanceof Promise) await result;
      }
    });
  let fastest = Number.POSITIVE_INFINITY;
  const spent = { wall: 0, cpu: 0 };
  for (let count = 1; spent.cpu < warmUpCpuMs * 1e6 && spent.wall < warmUpAtMostMs * 1e6; ) {
    const { wall, cpu } = await runTurns(count);
    spent.wall += wall;
    spent.cpu += cpu;
    fastest = Math.min(fastest, wall / count);
    count = Math.min(count * 2, 64);
  }
  const turns = Math.max(1, Math.round((ms * 1e6) / fastest));
  return async () => {
    const { wall, cpu } = await runTurns(turns);
    return { wall: wall / turns, cpu: cpu / turns };
  };
}

/** The time that work takes. */
export async function timed(work: () => unknown): Promise<Took> {
  const usage = process.cpuUsage();
  const start = process.hrtime.bigint();
  await work();
  const wall = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(usage);
  return { wall, cpu: (user + system) * 1_000 };
}

/** How many times as long the one takes as the other, compared within each round. */
export function ratio(timing: Timing, base: Timing): Ratio {
  const by = (clock: Clock): Spread =>
    spread(timing.map((took, round) => took[clock] / (base[round] as Took)[clock]));
  return { cpu: by("cpu"), wall: by("wall") };
}

/** The median and the ends. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, median, max] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((i) => sorted[i]);
  return { median: median as number, min: min as number, max: max as number };
}
