import { createHash } from "node:crypto";

/** Numbers from 0 to below 1, the same for the same seed. */
export type Random = () => number;

/**
 * A source of random numbers that are the same in every run (Mulberry32).
 *
 * @param seed a whole number, or a text of which one is made
 * @example
 * const random = randomFrom("orders");
 * const quantity = 1 + Math.floor(random() * 9);
 */
export function randomFrom(seed: number | string): Random {
  let state = typeof seed === "number" ? seed | 0 : createHash("sha256").update(seed).digest().readInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
