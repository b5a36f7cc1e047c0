import { expect, test } from "vitest";
import type { Point, Row } from "../src/figures.ts";
import { bareLines, type Plot, plotsOf } from "../src/pages/plots.ts";
import { plotAsSvg } from "../src/pages/svg.ts";

const one = { median: 1, min: 1, max: 1 };
const row = (point?: Point): Row => ({
  kind: "ratio",
  what: "a row",
  ratio: { cpu: one, wall: one },
  clock: "cpu",
  point,
});
const point = (plot: string, line: string, x: number, cpu: number): Row =>
  row({ plot, line, x, took: { cpu, wall: 10 * cpu } });
const plotted = (...rows: readonly Row[]): readonly Plot[] => plotsOf({ sections: [{ heading: "", rows }] });

test("the rows of a plot make its lines, each in the order of x, with the CPU time of a call", () => {
  const [plot, ...others] = plotted(
    point("events", "edit, cached", 100, 3_000),
    point("events", "stateAt", 1, 500),
    point("events", "edit, cached", 1, 2_000),
    row(),
    { kind: "unable", what: "stateAt", note: "" },
  );
  expect(others).toEqual([]);
  expect(plot?.lines).toEqual([
    {
      name: "edit, cached",
      points: [
        { x: 1, ns: 2_000 },
        { x: 100, ns: 3_000 },
      ],
    },
    { name: "stateAt", points: [{ x: 1, ns: 500 }] },
  ]);
});

test("edits among others have a line for each clock", () => {
  const [plot] = plotted(point("editors", "edit", 4, 2_000));
  expect(plot?.lines).toEqual([
    { name: "edit, by the clock", points: [{ x: 4, ns: 20_000 }] },
    { name: "edit, CPU time", points: [{ x: 4, ns: 2_000 }] },
  ]);
});

test("a line of bare work is told to be that of the line of Everdraft above it, by the same clock", () => {
  const [events, editors] = plotted(
    ...["edit, cached", "edit, cold", "stateAt", bareLines.edit, bareLines.stateAt].map((line) =>
      point("events", line, 1, 1_000),
    ),
    ...["edit", bareLines.edit].map((line) => point("editors", line, 1, 1_000)),
  );
  const bareOf = (plot?: Plot) =>
    Object.fromEntries(plot?.lines.map((line) => [line.name, line.bareOf]) ?? []);
  expect(bareOf(events)).toEqual({
    "edit, cached": undefined,
    "edit, cold": undefined,
    stateAt: undefined,
    [bareLines.edit]: "edit, cached",
    [bareLines.stateAt]: "stateAt",
  });
  expect(bareOf(editors)[`${bareLines.edit}, by the clock`]).toBe("edit, by the clock");
  expect(bareOf(editors)[`${bareLines.edit}, CPU time`]).toBe("edit, CPU time");
});

test("plots come in the same order whatever the order of rows, and none where no row has a point", () => {
  const names = plotted(point("editors", "edit", 1, 1), point("bytes", "edit", 1, 1)).map(({ name }) => name);
  expect(names).toEqual(["bytes", "editors"]);
  expect(plotted(row())).toEqual([]);
});

const svgOf = (...rows: readonly Row[]): string => plotAsSvg(plotted(...rows)[0] as Plot);
const hundredfold = [point("bytes", "edit", 1_000, 1e6), point("bytes", "edit", 2_000_000, 1e8)];

test("both axes are told to be logarithmic, with the steps of x and the powers of ten of y", () => {
  const svg = svgOf(...hundredfold);
  expect(svg).toContain(">canonical bytes of the state (log scale)</text>");
  expect(svg).toContain(">CPU time of a call (log scale)</text>");
  for (const tick of ["1 KB", "2 MB", "1 ms", "10 ms", "100 ms"]) expect(svg).toContain(`>${tick}</text>`);
});

test("on a logarithmic axis a line of equal factors is straight", () => {
  const svg = svgOf(
    point("events", "edit", 1, 1e6),
    point("events", "edit", 100, 1e7),
    point("events", "edit", 10_000, 1e8),
  );
  const [, x1, y1, x2, y2, x3, y3] =
    /d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/.exec(svg) ?? [];
  expect(Number(x2) - Number(x1)).toBeCloseTo(Number(x3) - Number(x2), 0);
  expect(Number(y2) - Number(y1)).toBeCloseTo(Number(y3) - Number(y2), 0);
  expect(Number(y1)).toBeGreaterThan(Number(y3));
});

test("the line of bare work has the colour of the line above it, and is dashed", () => {
  const svg = svgOf(
    ...["edit", "stateAt of 50 events", bareLines.edit].map((line, i) => point("bytes", line, 1, 10 ** i)),
    point("bytes", "edit", 10, 1),
  );
  const dashed = [...svg.matchAll(/stroke="(#\w+)" stroke-width="2" stroke-dasharray/g)].map(
    ([, colour]) => colour,
  );
  const [first] = /stroke="#\w+" stroke-width="2"\/>/.exec(svg) ?? [];
  expect(dashed.length).toBeGreaterThan(0);
  for (const colour of dashed) expect(first).toContain(colour);
});

test("the same figures give the same text, and a name cannot break it", () => {
  expect(svgOf(...hundredfold)).toBe(svgOf(...hundredfold));
  expect(svgOf(point("bytes", "a < b & c", 1, 1), point("bytes", "a < b & c", 2, 9))).toContain(
    ">a &lt; b &amp; c</text>",
  );
});
