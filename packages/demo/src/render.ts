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
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
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
export function shortValue(value: unknown, length: number): string {
  return cut(plain(JSON.stringify(value) ?? "nothing"), length);
}

/** A place in a document: keys with dots between, in brackets where they are indexes or hold dots or spaces. */
export function placeOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the document";
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[^\s.[\]"]+$/.test(step) ? `.${plain(step)}` : `[${plain(JSON.stringify(step))}]`;
  });
  return steps.join("").replace(/^\./, "");
}

const valueLength = 40;

/** One difference on one line: `place: "old" → "new"`, `+ place: "new"`, `- place: "old"`. */
export function changeLine(change: Change): string {
  const place = placeOf(change.path);
  if (change.kind === "changed") {
    return `  ${place}: ${shortValue(change.before, valueLength)} → ${shortValue(change.after, valueLength)}`;
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
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => [...(row[i] ?? "")].length)));
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
