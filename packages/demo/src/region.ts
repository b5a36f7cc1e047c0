import { readFile } from "node:fs/promises";

/** The file whose region `quick` the demo prints; the package ships src, so the path holds from dist too. */
export const quickFile: URL = new URL("../src/quick.ts", import.meta.url);

/** The lines between `// #region NAME` and `// #endregion NAME` of a file, without their common indent. */
export async function readRegion(file: URL, name: string): Promise<string[]> {
  const lines = (await readFile(file, "utf8")).split(/\r?\n/);
  const from = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const to = lines.findIndex((line, i) => i > from && line.trim() === `// #endregion ${name}`);
  if (from < 0 || to < 0) throw new Error(`${file.pathname} has no region ${name}`);
  const body = lines.slice(from + 1, to);
  const indent = Math.min(...body.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return body.map((line) => line.slice(indent));
}
