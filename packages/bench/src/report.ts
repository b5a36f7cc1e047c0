import { type Clock, type Ratio, ratio, type Spread, spread, type Timing } from "./harness.ts";

/** The aim of a figure, in its unit. */
export interface Aim {
  readonly at: "most" | "least";
  readonly value: number;
}

/** One figure, and how it is told. */
export interface FigureRow {
  readonly kind: "figure";
  readonly what: string;
  readonly figure: Spread;
  /** Follows the figure: "x" for a ratio, else a unit. */
  readonly unit: string;
  readonly aim?: Aim | undefined;
  /** The text after the figure. */
  readonly note?: string | undefined;
}

/** The ratio of two times. */
export interface RatioRow {
  readonly kind: "ratio";
  readonly what: string;
  readonly ratio: Ratio;
  /** The clock that the aim is about. It is told first. */
  readonly clock: Clock;
  readonly aim?: Aim | undefined;
  /** The times themselves. */
  readonly note?: string | undefined;
}

export type Row = FigureRow | RatioRow;

/** The rows below one heading. */
export interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** Takes the time by which an aim is meant; work that waits for the disk is meant by the wall clock. */
export interface Meant {
  readonly aim?: Aim | undefined;
  /** Default: cpu. */
  readonly clock?: Clock;
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

/** Prints how many times as long the one takes as the other by both clocks, with the CPU times themselves. */
export function printRatio(
  what: string,
  timing: Timing,
  base: Timing,
  { aim, clock = "cpu" }: Meant = {},
): void {
  const note = `${showTime(middle(timing, clock))} against ${showTime(middle(base, clock))}`;
  print({ kind: "ratio", what, ratio: ratio(timing, base), clock, aim, note });
}

/** The median of a timing by one clock, in nanoseconds. */
export function middle(timing: Timing, clock: Clock): number {
  return spread(timing.map((took) => took[clock])).median;
}

function print(row: Row): void {
  sections.at(-1)?.rows.push(row);
  const figures =
    row.kind === "figure"
      ? showSpread(row.figure, row.unit)
      : clocksOf(row)
          .map((clock) => `${nameOf[clock].padEnd(4)} ${showSpread(row.ratio[clock], "x")}`)
          .join("  ");
  const line = `  ${row.what.padEnd(54)} ${figures.padEnd(60)} ${verdict(row).padEnd(28)}`;
  console.log(`${line} ${row.note ?? ""}`.trimEnd());
}

/** The names of the clocks in tables. */
export const nameOf: Readonly<Record<Clock, string>> = { cpu: "CPU", wall: "wall" };

/** The clocks of a row, that of its aim first. */
export function clocksOf({ clock }: RatioRow): readonly Clock[] {
  return clock === "cpu" ? ["cpu", "wall"] : ["wall", "cpu"];
}

/** The figure that the aim is about. */
export function judged(row: Row): number {
  return row.kind === "figure" ? row.figure.median : row.ratio[row.clock].median;
}

/** Whether a row meets its aim; undefined where it has none. */
export function isMet(row: Row): boolean | undefined {
  const { aim } = row;
  if (aim === undefined) return undefined;
  const value = judged(row);
  return aim.at === "most" ? value <= aim.value : value >= aim.value;
}

/** The aim of a row in words, and whether it is met. */
export function verdict(row: Row): string {
  const met = isMet(row);
  return met === undefined ? "no aim" : `aim ${showAim(row)}: ${met ? "OK" : "falls short"}`;
}

/** The aim of a row in words. */
export function showAim(row: Row): string {
  const { aim } = row;
  if (aim === undefined) return "none";
  return `${aim.at === "most" ? "≤" : "≥"} ${aim.value}${row.kind === "figure" ? row.unit : "x"}`;
}

/** A median with the lowest and the highest round. */
export function showSpread({ median, min, max }: Spread, unit: string): string {
  const ends = min === max ? "" : `(${short(min)}–${short(max)})`;
  return `${`${short(median)}${unit}`.padStart(9)} ${ends.padEnd(13)}`.trimEnd();
}

/** A number with three digits that count. */
export function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Nanoseconds in a unit that fits. */
export function showTime(ns: number): string {
  return ns < 1e6 ? `${short(ns / 1e3)} µs` : `${short(ns / 1e6)} ms`;
}
