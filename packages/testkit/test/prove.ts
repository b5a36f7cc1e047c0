import * as fc from "fast-check";
import { seeded } from "../src/index.ts";

/**
 * Tries a law on so many random cases, or as SEED and RUNS say; fast-check shrinks and prints a
 * counterexample.
 */
export function prove<Ts>(law: fc.IPropertyWithHooks<Ts>, runs: number): void {
  // its type allows for asynchronous laws, which this one is not
  void fc.assert(law, seeded(runs));
}
