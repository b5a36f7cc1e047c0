import {
  type Aim,
  type FigureRow,
  isMet,
  type MeasuredRow,
  type PointPlace,
  type Row,
  type Section,
  showAim,
  showSpread,
  showTime,
} from "./figures.ts";
import { type Clock, ratio, spread, type Timing } from "./harness.ts";

/** How a ratio is judged. */
export interface Meant {
  readonly aim?: Aim | undefined;
  /** The clock that the aim is about: CPU time, or the wall where work waits for a disk or a server. Default: cpu. */
  readonly clock?: Clock;
  /** Where the time of the one lies in a plot. */
  readonly place?: PointPlace;
}

let sections: { heading: string; rows: Row[] }[] = [];

/** The sections since the last call. */
export function takeSections(): readonly Section[] {
  const taken = sections;
  sections = [];
  return taken;
}

/** Prints the heading of a section. */
export function printHeading(heading: string): void {
  sections.push({ heading, rows: [] });
  console.log(`\n${heading}`);
}

/** Prints a figure as one line. A figure that misses its aim is marked as falling short. */
export function printRow(row: Omit<FigureRow, "kind">): void {
  print({ ...row, kind: "figure" });
}

/** Prints that one of the sides cannot do the work of a row, and why. */
export function printUnable(what: string, note: string): void {
  sections.at(-1)?.rows.push({ kind: "unable", what, note });
  console.log(`  ${what.padEnd(62)} cannot: ${note}`);
}

/** Prints how many times as long the one takes as the other by both clocks, with the times themselves. */
export function printRatio(
  what: string,
  timing: Timing,
  base: Timing,
  { aim, clock = "cpu", place }: Meant = {},
): void {
  const of = (by: Clock): string => `${showTime(middle(timing, by))} against ${showTime(middle(base, by))}`;
  const note = `CPU ${of("cpu")}; clock ${of("wall")}`;
  const took = { cpu: middle(timing, "cpu"), wall: middle(timing, "wall") };
  const point = place && { ...place, took };
  print({ kind: "ratio", what, ratio: ratio(timing, base), clock, aim, note, point });
}

function middle(timing: Timing, clock: Clock): number {
  return spread(timing.map((took) => took[clock])).median;
}

function print(row: MeasuredRow): void {
  sections.at(-1)?.rows.push(row);
  const figures = row.kind === "figure" ? showSpread(row.figure, row.unit) : bothClocks(row);
  const met = isMet(row);
  const verdict = met === undefined ? "no aim" : `aim ${showAim(row)}: ${met ? "OK" : "falls short"}`;
  console.log(
    `  ${row.what.padEnd(62)} ${figures.padEnd(52)} ${verdict.padEnd(28)} ${row.note ?? ""}`.trimEnd(),
  );
}

function bothClocks({ ratio: { cpu, wall }, clock }: Extract<MeasuredRow, { kind: "ratio" }>): string {
  const texts = [`CPU ${showSpread(cpu, "x").padEnd(20)}`, `wall ${showSpread(wall, "x").padEnd(20)}`];
  return (clock === "cpu" ? texts : texts.reverse()).join("  ");
}
