import { createHash } from "node:crypto";

/** A source of numbers from 0 to below 1, the same for the same text in every run (mulberry32). */
export function randomOf(text: string): () => number {
  let seed = createHash("sha256").update(text).digest().readUInt32LE(0);
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
