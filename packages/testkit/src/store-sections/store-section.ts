import type { StoreBench } from "./store-bench.ts";

/** One promise of the store: a sentence, and the proof of it on a fresh storage. */
export interface StoreCheck {
  /** The sentence, used as the test's title. */
  readonly title: string;
  /** Rejects where the store does not keep the promise on this storage. */
  readonly prove: (bench: StoreBench) => Promise<void>;
}

/** The checks about one question. */
export interface StoreSection {
  /** The question. */
  readonly name: string;
  /** The checks, each run on a fresh storage. */
  readonly checks: readonly StoreCheck[];
}

/** Makes a section from sentences and their proofs. */
export function storeSection(
  name: string,
  proofs: Readonly<Record<string, StoreCheck["prove"]>>,
): StoreSection {
  return { name, checks: Object.entries(proofs).map(([title, prove]) => ({ title, prove })) };
}
