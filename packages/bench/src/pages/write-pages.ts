import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg } from "node:os";
import type { Section } from "../figures.ts";
import {
  type Causes,
  type Chosen,
  chosenAsMarkdown,
  fillMarks,
  type PartFigures,
  partAsMarkdown,
} from "./markdown.ts";
import { plotsOf } from "./plots.ts";
import { plotAsSvg } from "./svg.ts";

const root = new URL("../../../../", import.meta.url);
const figuresFile = new URL("docs/benchmarks/figures.json", root);
const causesFile = new URL("docs/benchmarks/causes.json", root);
const page = new URL("docs/benchmarks.md", root);
const plotFile = (name: string): URL => new URL(`docs/benchmarks/scale-${name}.svg`, root);
const readme = new URL("README.md", root);

/** The figures that matter most to readers: the smaller documents, with which the checks weigh most. */
const chosen: readonly Chosen[] = [
  {
    told: "durable `edit` of 1 KB, compared with a table of JSON patches written by hand on the same engine",
    part: "hand-written",
    what: "edit, 1 KB, against the table",
  },
  {
    told: "`get` of 1 KB, from the cache, against that table",
    part: "hand-written",
    what: "get, 1 KB, from the cache, against the table",
  },
  {
    told: "`stateAt` of 1 KB, every hash checked, against that table",
    part: "hand-written",
    what: "stateAt, 1 KB, against the table",
  },
  {
    told: "`stateAt` in a history of 100,000 events, compared with one of 1,000",
    part: "scale",
    what: "stateAt by version, 100000 events against 1000",
  },
];

/** The load of the machine: how many tasks want a processor, on average of the last minute. */
export function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

/** Keeps the figures of a part, and writes the pages anew. */
export async function writePart(
  name: string,
  sections: readonly Section[],
  loadBefore: string,
): Promise<void> {
  const part: PartFigures = {
    day: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    machine: `${availableParallelism()} cores, ${(cpus()[0]?.model ?? "unknown").trim()}`,
    load: `${loadBefore} before and ${loadNow()} after`,
    options: shorter === "" ? undefined : shorter,
    sections,
  };
  const figures: Figures = { ...(await readJson<Figures>(figuresFile)), [name]: part };
  await writeFile(figuresFile, `${JSON.stringify(figures, rounded, 2)}\n`);
  await writePages();
}

/** Writes the kept figures into the pages, and their plots. The text outside of the marks stays. */
export async function writePages(): Promise<void> {
  const figures = await readJson<Figures>(figuresFile);
  const causes = await readJson<Causes>(causesFile);
  let text = await readFile(page, "utf8");
  for (const [name, part] of Object.entries(figures))
    text = fillMarks(text, name, partAsMarkdown(part, causes));
  await writeFile(page, text);
  for (const plot of plotsOf(figures.scale ?? { sections: [] }))
    await writeFile(plotFile(plot.name), plotAsSvg(plot));
  const few = chosenAsMarkdown(chosen, figures);
  await writeFile(readme, fillMarks(await readFile(readme, "utf8"), "chosen", few));
}

type Figures = Readonly<Record<string, PartFigures>>;

const shorter = process.argv
  .slice(2)
  .filter(
    (arg, i, all) =>
      /^(?:--(?!write)|\d)/.test(arg) && (arg.startsWith("--") || all[i - 1]?.startsWith("--")),
  )
  .join(" ");

const rounded = (_: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toPrecision(3)) : value;

async function readJson<T>(file: URL): Promise<T> {
  return JSON.parse(await readFile(file, "utf8"));
}
