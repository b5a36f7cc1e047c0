/** A place in a text as people count: its line, where there are several, and its column. */
export function placeOf(text: string, index: number): string {
  const lines = text.slice(0, index).split("\n");
  const column = `column ${(lines.at(-1)?.length ?? 0) + 1}`;
  return text.includes("\n") ? `line ${lines.length}, ${column}` : column;
}
