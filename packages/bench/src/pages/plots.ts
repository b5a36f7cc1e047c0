import type { Clock } from "../harness.ts";
import type { PartFigures } from "./markdown.ts";

/** A line of a plot. */
export interface PlotLine {
  readonly name: string;
  /** The line of Everdraft whose bare work it is; undefined for a line of Everdraft. */
  readonly bareOf?: string | undefined;
  /** Values of x, and nanoseconds. */
  readonly points: readonly { readonly x: number; readonly ns: number }[];
}

/** A plot of times, both axes logarithmic. */
export interface Plot {
  /** The name of its file. */
  readonly name: string;
  readonly title: string;
  readonly axes: { readonly x: string; readonly y: string };
  /** A value of x in words. */
  readonly tick: (x: number) => string;
  readonly lines: readonly PlotLine[];
}

interface PlotKind extends Omit<Plot, "lines" | "name"> {
  /** The clocks whose times are drawn; with several, each has a line. */
  readonly clocks: readonly Clock[];
}

const count = (x: number): string => x.toLocaleString("en-US");
const size = (x: number): string => (x < 1e6 ? `${x / 1e3} KB` : `${x / 1e6} MB`);
const cpuTime = "CPU time of a call (log scale)";

/** The plots, by the name that the rows of the part `scale` give. */
const kinds: Readonly<Record<string, PlotKind>> = {
  events: {
    title: "Cost by the length of the history, documents of 1 KB",
    axes: { x: "events in the history (log scale)", y: cpuTime },
    tick: count,
    clocks: ["cpu"],
  },
  bytes: {
    title: "Cost by the size of the state",
    axes: { x: "canonical bytes of the state (log scale)", y: cpuTime },
    tick: size,
    clocks: ["cpu"],
  },
  editors: {
    title: "Cost of an edit among others, documents of 1 KB",
    axes: { x: "edits awaited together (log scale)", y: "time of one edit (log scale)" },
    tick: count,
    clocks: ["wall", "cpu"],
  },
};

/** The lines of bare work, by the beginning of the names of the lines above them. */
export const bareLines = { edit: "bare INSERT + UPSERT", stateAt: "bare SELECTs of stateAt" } as const;

const clockNames: Readonly<Record<Clock, string>> = { cpu: "CPU time", wall: "by the clock" };

/** The plots that the figures of a part give, in a fixed order. A plot without a point is left out. */
export function plotsOf({ sections }: Pick<PartFigures, "sections">): readonly Plot[] {
  const points = sections
    .flatMap(({ rows }) => rows)
    .flatMap((row) => (row.kind === "ratio" && row.point !== undefined ? [row.point] : []));
  return Object.entries(kinds).flatMap(([name, { clocks, title, axes, tick }]) => {
    const own = points.filter(({ plot }) => plot === name);
    if (own.length === 0) return [];
    const names = [...new Set(own.map(({ line }) => line))];
    const lines = names.flatMap((line) =>
      clocks.map((clock): PlotLine => {
        const told = (each: string): string => (clocks.length === 1 ? each : `${each}, ${clockNames[clock]}`);
        const above = aboveOf(line, names);
        const some = own.filter((point) => point.line === line).sort((a, b) => a.x - b.x);
        return {
          name: told(line),
          bareOf: above && told(above),
          points: some.map(({ x, took }) => ({ x, ns: took[clock] })),
        };
      }),
    );
    return [{ name, title, axes, tick, lines }];
  });
}

/** The line of Everdraft above a line of bare work. */
function aboveOf(line: string, names: readonly string[]): string | undefined {
  const [call] = Object.entries(bareLines).find(([, bare]) => bare === line) ?? [];
  return call && names.find((name) => name.startsWith(call));
}
