import type { Bench } from "./bench.ts";

/** One promise of the port: a sentence, and its proof on a fresh storage. */
export interface Check {
  /** The sentence, used as the test's title. */
  readonly title: string;
  /** Rejects where the storage does not keep the promise. */
  readonly prove: (bench: Bench) => Promise<void>;
}

/** The checks about one question of the port. */
export interface Section {
  /** The question. */
  readonly name: string;
  /** The checks, each run on a fresh storage. */
  readonly checks: readonly Check[];
}

/** Makes a section from sentences and their proofs. */
export function section(name: string, proofs: Readonly<Record<string, Check["prove"]>>): Section {
  return { name, checks: Object.entries(proofs).map(([title, prove]) => ({ title, prove })) };
}
