// C0 and C1 controls, which terminals obey, and the marks that turn the direction of text
const controls = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside as it may be written to a terminal: on one line and without control characters. */
export function plain(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ").replace(controls, "\ufffd");
}

/** A number with its thousands set off. */
export function count(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}

/** A number with its noun. */
export function counted(number: number, noun: string, nouns: string = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : nouns}`;
}

/** A size in words. */
export function bytes(size: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = size < 1 ? 0 : Math.min(Math.floor(Math.log(size) / Math.log(1024)), units.length - 1);
  const value = size / 1024 ** step;
  return `${step === 0 || value >= 100 ? count(value) : value.toFixed(1)} ${units[step]}`;
}

/** Text cut to a number of characters, the last of which then is …. */
export function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(length - 1, 0)).join("")}…`;
}

/** Names as a list in a sentence. */
export function listed(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

/** A cell of a table: its text, and the function that colours it. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/** Rows as lines: each column but the last as wide as its widest cell. */
export function table(rows: readonly (readonly Cell[])[], gap: string = "  "): string[] {
  const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, [...textOf(cell)].length);
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const padding = i === row.length - 1 ? "" : " ".repeat((widths[i] ?? 0) - [...textOf(cell)].length);
        return (typeof cell === "string" ? cell : cell.paint(cell.text)) + padding;
      })
      .join(gap)
      .trimEnd(),
  );
}
