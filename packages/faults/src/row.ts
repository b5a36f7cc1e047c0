import type { Cell, RunCell } from "./cell.ts";

const columns = [
  ["storage", 8],
  ["fault", 24],
  ["retry", 6],
  ["acts", 7],
  ["acked", 7],
  ["failed", 7],
  ["indet.", 7],
  ["lost", 5],
  ["doubled", 8],
  ["phantom", 8],
  ["wrong", 6],
  ["strikes", 8],
  ["in flight", 10],
  ["under fault", 12],
  ["acked", 7],
  ["s", 6],
  ["", 0],
] as const;

const line = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell, i) => String(cell).padEnd(columns[i]?.[1] ?? 0))
    .join(" ")
    .trimEnd();

/** The meaning of the columns. */
export const header: string = line(columns.map(([name]) => name));

/** A cell in one line. */
export function rowOf(cell: Cell, { counts, green, why }: RunCell, ms: number): string {
  const { tried, acknowledged, failed, indeterminate, lost, doubled, phantom, wrong } = counts;
  return line([
    cell.storage,
    cell.fault.name,
    cell.storage === "sqlite" ? "" : cell.retryWrites ? "on" : "off",
    ...[tried, acknowledged, failed, indeterminate, lost, doubled, phantom, wrong],
    ...[counts.strikes, counts.strikesInFlight, counts.underFault, counts.acknowledgedUnderFault],
    Math.round(ms / 1000),
    green ? "" : `RED (seed ${cell.seed}): ${why}`,
  ]);
}
