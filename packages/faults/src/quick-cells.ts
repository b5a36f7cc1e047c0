import type { Cell } from "./cell.ts";
import { faults } from "./faults/list.ts";

/** The eight mixes that CI affords: seconds each on an idle machine, and as long as it takes on a busy one. */
export function quickCells(seed: number): Cell[] {
  const mixes = [
    ["sqlite", "writer-killed", false, 600],
    ["sqlite", "busy", false, 400],
    ["sqlite", "clocks", false, 600],
    ["mongodb", "lost-reply", false, 300],
    ["mongodb", "late-landing", true, 300],
    ["mongodb", "server-killed", false, 200],
    ["mongodb", "writer-killed", true, 200],
    ["mongodb", "failpoint-close", true, 300],
  ] as const;
  return mixes.flatMap(([storage, name, retryWrites, acts]) =>
    faults[storage]
      .filter((fault) => fault.name === name)
      .map((fault) => ({ storage, fault, retryWrites, acts, seed, longest: 600_000 })),
  );
}
