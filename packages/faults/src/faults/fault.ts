import type { Random } from "@everdraft/testkit/random";
import type { Step } from "../writer/steps.ts";

/** The run that a fault strikes, as far as a fault needs to see it. */
export interface Scene {
  readonly random: Random;
  /** Waits until writers have ended so many acts more, or the run is over. */
  acts(more: number): Promise<void>;
  /** Whether the run has seen enough or taken too long. */
  over(): boolean;
  /** Writes down that a fault struck, from a moment to another. */
  struck(from: number, until?: number): void;
}

/** Everything that is particular to one fault. */
export interface Fault {
  readonly name: string;
  /** How long a call may take under it, in milliseconds. */
  readonly timeoutMs: number;
  /** How many strikes a run shows at least. */
  readonly strikes: number;
  /** At which steps writers end themselves. */
  readonly ends?: readonly Step[];
  /** Whether writers are ended from outside while they work. */
  readonly endedAnywhere?: boolean;
  /** How far the clocks of the writers are off, in milliseconds, one after another. */
  readonly clockOffsets?: readonly number[];
  /** Whether the guard of the slots is taken away. */
  readonly unguarded?: boolean;
}
