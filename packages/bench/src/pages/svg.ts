import { scaleLog } from "d3-scale";
import {
  line,
  type SymbolType,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
} from "d3-shape";
import { showTime } from "../figures.ts";
import type { Plot, PlotLine } from "./plots.ts";

const [width, height] = [760, 400];
const legendTop = 52;
const legendRow = 22;
const [left, right, bottom] = [88, 28, 56];
const between = 8;

/** Colours that can be read on a light and on a dark page, and told apart by those who see few colours. */
const grey = "#6e7781";
const colours = ["#2f7ed8", "#d55e00", "#009e73", "#b0679b"];
const shapes: readonly SymbolType[] = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond];

/** How a line is drawn. */
interface Look {
  readonly colour: string;
  readonly shape: SymbolType;
  readonly bare: boolean;
}

/** A plot as SVG. The same plot gives the same text. */
export function plotAsSvg(plot: Plot): string {
  const { title, axes, lines } = plot;
  const looks = looksOf(lines);
  const legend = legendOf(lines, looks);
  const top = legendTop + legend.rows * legendRow + between;
  const points = lines.flatMap((each) => each.points);
  const [xs, ns] = [points.map((point) => point.x), points.map((point) => point.ns)];
  const x = scaleLog([Math.min(...xs), Math.max(...xs)], [left + 2 * between, width - right - 2 * between]);
  const y = scaleLog([Math.min(...ns), Math.max(...ns)], [height - bottom, top]).nice();
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" font-size="13" fill="${grey}">`,
    `<title>${escaped(title)}</title>`,
    text(left, 24, title, 'font-size="16" font-weight="600"'),
    ...legend.items,
    ...yTicks(y),
    ...xTicks(plot, x),
    text((left + width - right) / 2, height - 12, axes.x, 'text-anchor="middle"'),
    text(
      0,
      0,
      axes.y,
      `text-anchor="middle" transform="translate(16 ${(top + height - bottom) / 2}) rotate(-90)"`,
    ),
    ...lines.map((each, i) => lineOf(each, looks[i] as Look, { x, y })),
    "</svg>",
    "",
  ].join("\n");
}

type Scale = ReturnType<typeof scaleLog<number, number>>;

/** Each line of Everdraft has a colour and a shape; bare work has those of the line above it, dashed and hollow. */
function looksOf(lines: readonly PlotLine[]): readonly Look[] {
  const ours = lines.filter(({ bareOf }) => bareOf === undefined).map(({ name }) => name);
  return lines.map(({ name, bareOf }) => {
    const place = ours.indexOf(bareOf ?? name);
    return {
      colour: colours[place % colours.length] ?? grey,
      shape: shapes[place % shapes.length] ?? symbolCircle,
      bare: bareOf !== undefined,
    };
  });
}

function legendOf(
  lines: readonly PlotLine[],
  looks: readonly Look[],
): { readonly items: readonly string[]; readonly rows: number } {
  let [at, row] = [left, 0];
  const items = lines.map(({ name }, i) => {
    // text is not measured: about 7 pixels a letter
    const wide = 46 + 7 * name.length;
    if (at > left && at + wide > width - right) [at, row] = [left, row + 1];
    const [from, middle] = [at, legendTop + row * legendRow];
    at += wide;
    const look = looks[i] as Look;
    return `<g>${stroke(look, `M${from},${middle}h26`)}${mark(look, from + 13, middle)}${text(from + 32, middle + 4, name)}</g>`;
  });
  return { items, rows: row + 1 };
}

function yTicks(y: Scale): readonly string[] {
  const [low = 1, high = 1] = y.domain();
  // among few powers of ten, 2 and 5 are told too
  const told = high / low <= 100 ? "125" : "1";
  return y.ticks().flatMap((ns) => {
    const label = told.includes(`${ns}`.charAt(0)) ? showTick(ns) : "";
    const at = round(y(ns));
    const grid = `<path d="M${left},${at}H${width - right}" stroke="${grey}" stroke-opacity="${label === "" ? 0.12 : 0.35}"/>`;
    return label === "" ? [grid] : [grid, text(left - between, at + 4, label, 'text-anchor="end"')];
  });
}

function xTicks({ lines, tick }: Plot, x: Scale): readonly string[] {
  const steps = new Set(lines.flatMap(({ points }) => points.map((point) => point.x)));
  const base = height - bottom;
  return [...steps].flatMap((step) => {
    const at = round(x(step));
    return [
      `<path d="M${at},${base}v5" stroke="${grey}"/>`,
      text(at, base + 20, tick(step), 'text-anchor="middle"'),
    ];
  });
}

function lineOf(
  { points }: PlotLine,
  look: Look,
  { x, y }: { readonly x: Scale; readonly y: Scale },
): string {
  const places = points.map(({ x: value, ns }): [number, number] => [x(value), y(ns)]);
  const path = line().digits(1)(places);
  const marks = places.map(([at, high]) => mark(look, at, high)).join("");
  return `<g>${stroke(look, path ?? "")}${marks}</g>`;
}

function stroke({ colour, bare }: Look, path: string): string {
  const dashes = bare ? ' stroke-dasharray="5 4"' : "";
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>`;
}

function mark({ shape, colour, bare }: Look, x: number, y: number): string {
  const fill = bare ? `fill="none" stroke="${colour}" stroke-width="1.5"` : `fill="${colour}"`;
  return `<path d="${symbol(shape, 56).digits(1)()}" transform="translate(${round(x)} ${round(y)})" ${fill}/>`;
}

/** A time on the axis: without the digits that do not count there. */
function showTick(ns: number): string {
  return showTime(ns).replace(/\.0+(?= )/, "");
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}"${attributes === "" ? "" : ` ${attributes}`}>${escaped(content)}</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const escaped = (content: string): string => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
