import type { Clock, Ratio, Spread, Took } from "./harness.ts";

/** The aim of a figure, in its unit. */
export interface Aim {
  readonly at: "most" | "least";
  readonly value: number;
}

/** The parts that all rows of a table share. */
interface RowParts {
  readonly what: string;
  readonly aim?: Aim | undefined;
  /** The text after the figure, or the times of a ratio. */
  readonly note?: string | undefined;
}

/** One figure, and how it is told. */
export interface FigureRow extends RowParts {
  readonly kind: "figure";
  readonly figure: Spread;
  /** Follows the figure: "x" for a ratio, else a unit. */
  readonly unit: string;
}

/** The ratio of two times. */
interface RatioRow extends RowParts {
  readonly kind: "ratio";
  readonly ratio: Ratio;
  /** The clock that the aim is about. It is told first. */
  readonly clock: Clock;
  /** The point that the row is in a plot. */
  readonly point?: Point | undefined;
}

/** The place of a row in a plot. */
export interface PointPlace {
  readonly plot: string;
  readonly line: string;
  readonly x: number;
}

/** A point of a plot, with the time of one call. */
export interface Point extends PointPlace {
  readonly took: Took;
}

/** A figure that there is not, since one of the sides cannot do that work. */
interface UnableRow {
  readonly kind: "unable";
  readonly what: string;
  readonly note: string;
}

/** A row with a figure. */
export type MeasuredRow = FigureRow | RatioRow;

export type Row = MeasuredRow | UnableRow;

/** The rows below one heading. */
export interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** The figure that the aim is about. */
export function judged(row: MeasuredRow): Spread {
  return row.kind === "figure" ? row.figure : row.ratio[row.clock];
}

/** The unit of a row's figure. */
export function unitOf(row: MeasuredRow): string {
  return row.kind === "figure" ? row.unit : "x";
}

/** Whether a row meets its aim; undefined where it has none. */
export function isMet(row: MeasuredRow): boolean | undefined {
  const { aim } = row;
  if (aim === undefined) return undefined;
  const { median } = judged(row);
  return aim.at === "most" ? median <= aim.value : median >= aim.value;
}

/** The aim of a row in words; empty where it has none. */
export function showAim(row: MeasuredRow): string {
  const { aim } = row;
  if (aim === undefined) return "";
  return `${aim.at === "most" ? "≤" : "≥"} ${aim.value}${unitOf(row)}`;
}

/** A median with the lowest and the highest round. */
export function showSpread({ median, min, max }: Spread, unit: string): string {
  const ends = min === max ? "" : ` (${short(min)}–${short(max)})`;
  return `${short(median)}${unit}${ends}`;
}

/** A number with three digits that count. */
export function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Nanoseconds in a unit that fits. */
export function showTime(ns: number): string {
  return ns < 1e6 ? `${short(ns / 1e3)} µs` : `${short(ns / 1e6)} ms`;
}
