/** The settings that `seeded` gives to fast-check. */
export interface SeededRuns {
  /** How many random cases. */
  readonly numRuns: number;
  /** The seed of the first; fast-check picks one and prints it on failure where it is left out. */
  readonly seed?: number;
}

/**
 * The parameters of a fast-check run: `runs` cases, unless the environment variable RUNS says how many; from
 * the seed in SEED, unless it is not set. fast-check prints the seed of a failure: `SEED=… pnpm test` runs it
 * again. Throws RangeError for a SEED or RUNS that is no whole number.
 */
export function seeded(runs: number): SeededRuns {
  const seed = wholeNumber("SEED");
  return { numRuns: wholeNumber("RUNS") ?? runs, ...(seed !== undefined && { seed }) };
}

function wholeNumber(name: "SEED" | "RUNS"): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^-?\d+$/.test(text)) throw new RangeError(`${name} is a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}
