import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

/**
 * Insists that a state is exactly that of the source (null: no document). Node's deep equality, which is fast
 * enough for every revision; Vitest's shows the difference.
 */
export function expectState(found: unknown, source: object | null, where: () => string): void {
  if (source === null) {
    if (found !== undefined) expect(found, where()).toBeUndefined();
    return;
  }
  if (isDeepStrictEqual(found, source)) return;
  expect(found, where()).toEqual(source);
  throw new Error(`${where()} differs in something that cannot be shown: the kind of a value, or -0.`);
}
