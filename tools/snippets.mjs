// node tools/snippets.mjs [--check]: copies `// #region NAME` of real, tested files into the Markdown fences below
// `<!-- snippet: FILE#NAME -->`, so that no documented code goes unrun. --check only says whether all are current.
import { readFileSync, writeFileSync } from "node:fs";
import { globSync } from "tinyglobby";

const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/**/*.md", "packages/*/README.md"];
const marker = /<!-- snippet:/g;
const snippet = /(<!-- snippet: ([^#\s]+)#([\w-]+) -->\n+```\w+\n)([\s\S]*?)(^```$)/gm;

/** The lines between `// #region NAME` and `// #endregion NAME`, without their common indent. */
function region(file, name) {
  const lines = readFileSync(file, "utf8").split("\n");
  const from = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const to = lines.findIndex((line, i) => i > from && line.trim() === `// #endregion ${name}`);
  if (from < 0 || to < 0) throw new Error(`${file} has no region ${name}`);
  const body = lines.slice(from + 1, to);
  const indent = Math.min(...body.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return `${body
    .map((line) => line.slice(indent))
    .join("\n")
    .trim()}\n`;
}

/** The page with every fence filled from its region; throws where that cannot be done. */
function filled(text) {
  const markers = text.match(marker)?.length ?? 0;
  const snippets = text.match(snippet)?.length ?? 0;
  const fences = text.match(/^```ts$/gm)?.length ?? 0;
  if (fences > snippets) throw new Error(`${fences} fences of ts, but only ${snippets} that are run`);
  if (markers !== snippets) throw new Error(`${markers} snippet markers, but ${snippets} with a fence below`);
  return text.replace(snippet, (_, head, file, name, _old, tail) => head + region(file, name) + tail);
}

const check = process.argv.includes("--check");
for (const page of globSync(pages, { ignore: "**/node_modules/**" }).sort()) {
  try {
    const old = readFileSync(page, "utf8");
    const now = filled(old);
    if (now === old) continue;
    if (check) throw new Error("snippets are stale; run the script `snippets`");
    writeFileSync(page, now);
    console.log(`${page}: written`);
  } catch (error) {
    console.error(`${page}: ${error.message}`);
    process.exitCode = 1;
  }
}
