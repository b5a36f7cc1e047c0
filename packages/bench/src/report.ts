import { ratio, type Spread, spread, type Timing } from "./harness.ts";

/** The aim of a figure, in its unit. */
interface Aim {
  readonly at: "most" | "least";
  readonly value: number;
}

/** One figure, and how it is told. */
interface Row {
  readonly what: string;
  readonly figure: Spread;
  /** Follows the figure: "x" for a ratio, else a unit. */
  readonly unit: string;
  readonly aim?: Aim | undefined;
  /** The text after the figure. */
  readonly note?: string;
}

/** Prints the heading of a part. */
export function printHeading(text: string): void {
  console.log(`\n${text}`);
}

/** Prints a figure as one line. A figure that misses its aim is marked as falling short. */
export function printRow({ what, figure, unit, aim, note }: Row): void {
  const { median, min, max } = figure;
  const value = `${short(median)}${unit}`;
  const ends = min === max ? "" : `${short(min)}–${short(max)}`;
  const line = `  ${what.padEnd(50)} ${value.padStart(12)} ${ends.padEnd(13)} ${verdict(median, unit, aim)}`;
  console.log(note === undefined ? line.trimEnd() : `${line.padEnd(108)} ${note}`);
}

/** Prints how many times as long the one takes as the other, with the times themselves. */
export function printRatio(what: string, timing: Timing, base: Timing, aim?: Aim): void {
  const note = `${showTime(spread(timing).median)} against ${showTime(spread(base).median)}`;
  printRow({ what, figure: ratio(timing, base), unit: "x", aim, note });
}

function verdict(value: number, unit: string, aim: Aim | undefined): string {
  if (aim === undefined) return "no aim";
  const met = aim.at === "most" ? value <= aim.value : value >= aim.value;
  return `aim ${aim.at === "most" ? "≤" : "≥"} ${aim.value}${unit}: ${met ? "OK" : "falls short"}`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function showTime(ns: number): string {
  return ns < 1e6 ? `${short(ns / 1e3)} µs` : `${short(ns / 1e6)} ms`;
}
