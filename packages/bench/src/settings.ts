import { parseArgs } from "node:util";

/** The arguments of a run. */
export interface Settings {
  /** The parts to run; none: all. */
  readonly parts: readonly string[];
  /** Whether the figures go to docs/benchmarks.md and README.md. */
  readonly write: boolean;
  /** How many rounds each comparison has, in place of its own number. */
  readonly rounds: number | undefined;
  /** How long each candidate runs in a round, in milliseconds, in place of its own time. */
  readonly ms: number | undefined;
  /** The longest history of the part `scale`. */
  readonly events: number;
  /** The largest state of the part `scale`, in bytes. */
  readonly bytes: number;
  /** How many editors there are at most in the part `scale`. */
  readonly editors: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    rounds: { type: "string" },
    ms: { type: "string" },
    events: { type: "string", default: "100000" },
    bytes: { type: "string", default: "2000000" },
    editors: { type: "string", default: "256" },
  },
});

function positive(name: "rounds" | "ms" | "events" | "bytes" | "editors"): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a whole number above 0`);
}

/** The arguments of this run. */
export const settings: Settings = {
  parts: positionals,
  write: values.write,
  rounds: positive("rounds"),
  ms: positive("ms"),
  events: positive("events") ?? 1,
  bytes: positive("bytes") ?? 1,
  editors: positive("editors") ?? 1,
};
