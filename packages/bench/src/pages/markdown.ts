import {
  isMet,
  judged,
  type MeasuredRow,
  type Row,
  type Section,
  short,
  showAim,
  showSpread,
  unitOf,
} from "../figures.ts";
import type { Clock } from "../harness.ts";

/** The figures of one part, and the circumstances in which they were taken. */
export interface PartFigures {
  readonly day: string;
  readonly node: string;
  readonly machine: string;
  /** How many tasks wanted a processor, before and after. */
  readonly load: string;
  /** Options that made the run shorter than usual. */
  readonly options?: string | undefined;
  readonly sections: readonly Section[];
}

/** The causes of missed aims, by the names of rows. They are kept by hand. */
export type Causes = Readonly<Record<string, string>>;

/** The figures of a part as tables, with a line for each aim that is missed. */
export function partAsMarkdown(part: PartFigures, causes: Causes): string {
  const { day, node, machine, load, options, sections } = part;
  const run = options === undefined ? "" : ` with \`${options}\``;
  const lines = [`Taken on ${day}${run}: ${machine}, Node ${node}, load ${load}.`];
  for (const { heading, rows } of sections) {
    lines.push("", `${heading}:`, "", ...tableOf(rows));
    const missed = rows.filter(isMeasured).filter((row) => isMet(row) === false);
    if (missed.length > 0) lines.push("", ...missed.map((row) => missedLine(row, causes)));
  }
  return lines.join("\n");
}

function tableOf(rows: readonly Row[]): readonly string[] {
  const ratios = rows.some((row) => row.kind === "ratio");
  const head = ratios
    ? ["| row | CPU | wall clock | aim | | times |", "| --- | --- | --- | --- | --- | --- |"]
    : ["| row | figure | aim | | |", "| --- | --- | --- | --- | --- |"];
  return [...head, ...rows.map((row) => rowOf(row, ratios))];
}

function isMeasured(row: Row): row is MeasuredRow {
  return row.kind !== "unable";
}

function rowOf(row: Row, ratios: boolean): string {
  if (!isMeasured(row))
    return `| ${[row.what, "cannot", ...(ratios ? [""] : []), "", "", row.note].join(" | ")} |`;
  const figures =
    row.kind === "ratio"
      ? [showSpread(row.ratio.cpu, "x"), showSpread(row.ratio.wall, "x")]
      : [showSpread(row.figure, row.unit), ...(ratios ? [""] : [])];
  const met = isMet(row);
  const verdict = met === undefined ? "" : met ? "OK" : "**falls short**";
  const clock = row.kind === "ratio" && row.aim !== undefined ? `${showAim(row)} ${row.clock}` : showAim(row);
  return `| ${[row.what, ...figures, clock, verdict, row.note ?? ""].join(" | ")} |`;
}

function missedLine(row: MeasuredRow, causes: Causes): string {
  const { aim } = row;
  if (aim === undefined) return "";
  const { median } = judged(row);
  const unit = unitOf(row);
  const by =
    aim.at === "most"
      ? `${short(median / aim.value)} times as much as the aim`
      : `${short(median / aim.value)} of the aim`;
  const cause = causes[row.what] ?? "The cause was not looked for.";
  return `- ${row.what}: ${short(median)}${unit} where ${showAim(row)} is the aim, ${by}. ${cause}`;
}

/** A row of the README: its name there, and the row that has its figure. */
export interface Chosen {
  readonly told: string;
  readonly part: string;
  readonly what: string;
}

/** The chosen rows as a table, with their circumstances; a row that was never measured is left out. */
export function chosenAsMarkdown(
  chosen: readonly Chosen[],
  figures: Readonly<Record<string, PartFigures>>,
): string {
  const lines: string[] = [];
  const loadsOf = new Map<string, Set<string>>();
  for (const { told, part: name, what } of chosen) {
    const part = figures[name];
    const rows = part?.sections.flatMap((section) => section.rows) ?? [];
    const row = rows.filter(isMeasured).find((each) => each.what === what);
    if (part === undefined || row === undefined) continue;
    const by = row.kind === "ratio" ? ` ${nameOf[row.clock]}` : "";
    lines.push(`| ${told} | ${showSpread(judged(row), unitOf(row))}${by} |`);
    const machine = `${part.machine} on ${part.day}`;
    loadsOf.set(machine, (loadsOf.get(machine) ?? new Set()).add(part.load));
  }
  const taken = [...loadsOf]
    .map(([machine, loads]) => `${machine}, load ${[...loads].join(", and ")}`)
    .join("; ");
  const table = ["| call | ratio |", "| --- | --- |", ...lines];
  return [...table, "", `Each figure is a median (lowest round–highest round). Taken with ${taken}.`].join(
    "\n",
  );
}

const nameOf: Readonly<Record<Clock, string>> = { cpu: "of CPU time", wall: "by the clock" };

/** The page with other text between the marks of this name. Throws where the page has no such marks. */
export function fillMarks(page: string, name: string, text: string): string {
  const begin = `<!-- figures: ${name} -->`;
  const end = "<!-- end of figures -->";
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0)
    throw new Error(`The page has no place for the figures of ${name}: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
