import { count, cut, plain, table } from "@everdraft/cli/text";
import type { Change } from "@everdraft/core";

/** A date to the minute, UTC. */
export function minute(date: Date): string {
  return date.toISOString().slice(0, 16).replace("T", " ");
}

/** A value on one line. */
function shortValue(value: unknown, length: number): string {
  return cut(plain(JSON.stringify(value) ?? "nothing"), length);
}

/** A place in a document: keys with dots between, in brackets where they are indexes or hold dots or spaces. */
export function placeOf(path: readonly (string | number)[]): string {
  return path.length === 0 ? "the document" : stepsOf(path).join("").replace(/^\./, "");
}

function stepsOf(path: readonly (string | number)[]): string[] {
  return path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[^\s.[\]"]+$/.test(step) ? `.${plain(step)}` : `[${plain(JSON.stringify(step))}]`;
  });
}

/** A place cut to a number of characters: the first steps say least. */
function shortPlace(path: readonly (string | number)[], length: number): string {
  if ([...placeOf(path)].length <= length) return placeOf(path);
  const steps = stepsOf(path);
  while (steps.length > 1 && [...steps.join("")].length >= length) steps.shift();
  return cut(`…${steps.join("")}`, length);
}

const valueLength = 40;
const shownBefore = 12;

/** From where two values are worth showing, when they are too long to be shown whole. */
function firstDifference(before: string, after: string): number {
  if (before.length <= valueLength && after.length <= valueLength) return 0;
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  return same <= 2 * shownBefore ? 0 : same - shownBefore;
}

/** One difference on one line: `place: "old" → "new"`, `+ place: "new"`, `- place: "old"`. */
export function changeLine(change: Change, placeLength: number): string {
  const place = shortPlace(change.path, placeLength);
  if (change.kind === "changed") {
    const [before, after] = [change.before, change.after].map((value) => JSON.stringify(value) ?? "nothing");
    const from = firstDifference(before as string, after as string);
    const part = (text: string) => cut(plain(from > 0 ? `…${text.slice(from)}` : text), valueLength);
    return `  ${place}: ${part(before as string)} → ${part(after as string)}`;
  }
  if (change.kind === "moved") return `  ${place}: moved from [${change.from.at(-1)}]`;
  if (change.kind === "added") return `+ ${place}: ${shortValue(change.after, valueLength)}`;
  return `- ${place}: ${shortValue(change.before, valueLength)}`;
}

/** The first lines of many, and how many there are beyond. */
export function firstLines(lines: readonly string[], most: number): string[] {
  const rest = lines.length - most;
  return rest > 0 ? [...lines.slice(0, most), `  … and ${count(rest)} more`] : [...lines];
}

/** Rows as a table, lines cut to the width. */
export function tableLines(rows: readonly (readonly string[])[], width: number): string[] {
  return table(rows).map((line) => cut(line, width));
}

/** A state on a few lines, one a field of its top level. */
export function stateLines(state: object, most: number, width: number): string[] {
  const rows = Object.entries(state).map(([key, value]) => [plain(key), shortValue(value, width)]);
  return firstLines(tableLines(rows, width), most);
}
