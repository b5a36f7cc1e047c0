// node tools/house.mjs [--check]: the code of the packages in figures. `--check` ends with an error where a figure is above its
// limit in tools/house.json; the limits are lowered as the code gets better, never raised. `--worst` lists the places.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { argv, exit } from "node:process";
import { parseSync } from "oxc-parser";

const root = join(import.meta.dirname, "..");

/** A package's sources, parsed. */
export function sourcesOf(name) {
  const folder = join(root, "packages", name, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ path: join(folder, file), text: readFileSync(join(folder, file), "utf8") }));
}

/** Calls back for each node of a tree. */
export function walk(node, visit) {
  if (Array.isArray(node)) for (const one of node) walk(one, visit);
  if (node === null || typeof node !== "object" || typeof node.type !== "string") return;
  visit(node);
  for (const inner of Object.values(node)) if (typeof inner === "object") walk(inner, visit);
}

export const isFunction = ({ type, body }) =>
  ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(type) && body !== null;

// a question that somebody asks, tells or knows the answer of; "what" asks there and names nothing
const asking =
  /\b(?:(?:say|tell|ask|know|show|see|learn|judge|find out|explain)(?:s|ed|n|ing)?|said|told|knew|found out)$/i;

/**
 * How often "what" stands in comments: all of them, and those that are the subject or the object of a sentence, or a comment
 * by themselves ("what changed is stored", "it stores what changed"). Not counted among the latter are questions, those that
 * follow a verb of asking, telling or knowing ("says what changed"), and the word in quotes or code.
 */
export function whatsIn(text) {
  const found = [...text.matchAll(/\bwhat\b/gi)];
  const names = found.filter(({ index }) => {
    const [before, behind] = [text.slice(0, index).trimEnd(), text.slice(index + 4)];
    const quoted = /["`]$/.test(text.slice(0, index)) || (before.match(/`/g)?.length ?? 0) % 2 === 1;
    return !quoted && !/^[^.?!]*\?/.test(behind) && !asking.test(before);
  });
  return { all: found.length, names: names.length };
}

/** Comments as texts with their offsets: lines of `//` that follow one another are one. */
function textsOf(comments, text) {
  const texts = [];
  let end = Number.NaN;
  for (const comment of comments) {
    const value = comment.value
      .replace(/^\s*\*+/gm, "")
      .replace(/\s+/g, " ")
      .trim();
    const goesOn = comment.type === "Line" && /^\n[ \t]*$/.test(text.slice(end, comment.start));
    if (goesOn) texts.at(-1).value += ` ${value}`;
    else texts.push({ value, start: comment.start });
    end = comment.type === "Line" ? comment.end : Number.NaN;
  }
  return texts;
}

const lineAt = (text, offset) => text.slice(0, offset).split("\n").length;

/** The figures of some sources, and where each is worst. */
export function measure(sources) {
  const functions = [];
  const folders = new Map();
  const whats = { all: 0, names: 0, places: [] };
  let [casts, codeLines, words] = [0, 0, 0];
  for (const { path, text } of sources) {
    const place = relative(root, path);
    const folder = dirname(place);
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
    const { program, comments } = parseSync(path, text);
    const commentLines = new Set();
    for (const { start, end, value } of comments) {
      const [first, last] = [lineAt(text, start), lineAt(text, end)];
      for (let line = first; line <= last; line++) commentLines.add(line);
      words += value.split(/\s+/).filter((word) => /\w/.test(word)).length;
    }
    for (const { value, start } of textsOf(comments, text)) {
      const { all, names } = whatsIn(value);
      whats.all += all;
      whats.names += names;
      if (names > 0) whats.places.push(`${place}:${lineAt(text, start)}: ${value}`);
    }
    codeLines += text.split("\n").filter((line, i) => line.trim() !== "" && !commentLines.has(i + 1)).length;
    walk(program.body, (node) => {
      if (node.type === "TSAsExpression" && node.typeAnnotation.typeName?.name !== "const") casts++;
      if (!isFunction(node)) return;
      const line = lineAt(text, node.start);
      functions.push({
        place: `${place}:${line}`,
        parameters: (node.params.items ?? node.params).length,
        lines: lineAt(text, node.end) - line + 1,
      });
    });
  }
  return { functions, folders, casts, codeLines, words, whats };
}

/** The rows of the table, for one package. */
export function figuresOf(name) {
  const { functions, folders, casts, codeLines, words, whats } = measure(sourcesOf(name));
  const long = functions.toSorted((a, b) => b.lines - a.lines);
  const sizes = [...folders]
    .filter(([folder]) => !folder.endsWith("/errors"))
    .toSorted((a, b) => b[1] - a[1]);
  return {
    "functions with five or more parameters": functions.filter(({ parameters }) => parameters > 4).length,
    "longest function, lines": long[0]?.lines ?? 0,
    "largest folder, files": sizes[0]?.[1] ?? 0,
    "casts per 1,000 lines": round((casts / codeLines) * 1_000),
    '"what" per 1,000 words of comments': round((whats.all / words) * 1_000),
    '"what" as subject or object, per 1,000': round((whats.names / words) * 1_000),
    worst: {
      parameters: functions.filter(({ parameters }) => parameters > 4).map(({ place }) => place),
      functions: long.slice(0, 5).map(({ place, lines }) => `${place} (${lines})`),
      whats: whats.places,
    },
  };
}

const round = (figure) => Math.round(figure * 10) / 10;

/** Where figures are above those allowed. */
export function tooHigh(figures, allowed) {
  return Object.entries(allowed).flatMap(([name, limits]) =>
    Object.entries(limits)
      .filter(([row, most]) => figures[name][row] > most)
      .map(([row, most]) => `${name}: ${row}: ${figures[name][row]}, and at most ${most} are allowed`),
  );
}

if (argv[1] === import.meta.filename) {
  const allowed = JSON.parse(readFileSync(join(root, "tools/house.json"), "utf8"));
  const figures = Object.fromEntries(Object.keys(allowed).map((name) => [name, figuresOf(name)]));
  for (const [name, { worst, ...rows }] of Object.entries(figures)) {
    console.log(`\n${name}`);
    for (const [row, figure] of Object.entries(rows)) console.log(`  ${row.padEnd(42)}${figure}`);
    if (argv.includes("--worst")) console.dir(worst, { maxArrayLength: null });
  }
  const findings = tooHigh(figures, allowed);
  if (argv.includes("--check") && findings.length > 0) {
    console.error(`\n${findings.join("\n")}`);
    exit(1);
  }
}
