import type { Change } from "@everdraft/core";

// C0 and C1 controls, which terminals obey, and the marks that turn the direction of text
const controls = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside as it may be written to a terminal: on one line and without control characters. */
export function plain(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ").replace(controls, "\ufffd");
}

/** A number with its thousands set off. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** A number with its noun. */
export function counted(number: number, noun: string, nouns = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : nouns}`;
}

/** A date to the minute, UTC. */
export function minute(date: Date): string {
  return date.toISOString().slice(0, 16).replace("T", " ");
}

/** Text cut to a number of characters, the last of which then is …. */
export function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(length - 1, 0)).join("")}…`;
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
  if (change.kind === "added") return `+ ${place}: ${shortValue(change.after, valueLength)}`;
  return `- ${place}: ${shortValue(change.before, valueLength)}`;
}

/** The first lines of many, and how many there are beyond. */
export function firstLines(lines: readonly string[], most: number): string[] {
  const rest = lines.length - most;
  return rest > 0 ? [...lines.slice(0, most), `  … and ${count(rest)} more`] : [...lines];
}

/** Rows as a table: all columns but the last as wide as their widest cell, lines cut to the width. */
export function table(rows: readonly (readonly string[])[], width: number): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => [...(row[i] ?? "")].length)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, i) =>
      i === row.length - 1 ? cell : cell + " ".repeat((widths[i] as number) - [...cell].length),
    );
    return cut(cells.join("  ").trimEnd(), width);
  });
}

/** A state on a few lines, one a field of its top level. */
export function stateLines(state: object, most: number, width: number): string[] {
  const rows = Object.entries(state).map(([key, value]) => [plain(key), shortValue(value, width)]);
  return firstLines(table(rows, width), most);
}
