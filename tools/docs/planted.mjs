// Shows that the check of doc comments can fail, at every entry point: in a copy of the workspace's outline, with this
// folder's own configuration, each entry point is replaced by planted/documented.ts (must be green), then by
// planted/undocumented.ts (every name must be reported).
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const docs = import.meta.dirname;
const root = join(docs, "../..");
// inside the repository, so that node_modules/@types is found from there
const copy = join(docs, ".planted");
const typedoc = join(docs, "node_modules/typedoc/bin/typedoc");

/** The names without a comment in planted/undocumented.ts. */
const planted = [
  "Alias",
  "Options",
  "PlantedError",
  "PlantedError.accessor",
  "Shape",
  "Shape.method",
  "call",
  "constant",
];

const { entryPoints } = JSON.parse(readFileSync(join(docs, "typedoc.json"), "utf8"));
const entries = entryPoints.map((path) => relative(root, join(docs, path)));

function copyIntoOutline(from, to = from) {
  mkdirSync(dirname(join(copy, to)), { recursive: true });
  cpSync(join(root, from), join(copy, to));
}

/** Checks the outline with this file at each entry point: typedoc's exit code and the names it reports, by file. */
function check(file) {
  rmSync(copy, { recursive: true, force: true });
  const configuration = [
    "tsconfig.base.json",
    "package.json",
    "tools/docs/tsconfig.json",
    "tools/docs/typedoc.json",
  ];
  for (const path of configuration) copyIntoOutline(path);
  for (const entry of entries) {
    const manifest = join(entry.split("/").slice(0, 2).join("/"), "package.json");
    copyIntoOutline(manifest);
    copyIntoOutline(`tools/docs/planted/${file}`, entry);
  }
  const cwd = join(copy, "tools/docs");
  const env = { ...process.env, NO_COLOR: "1" };
  const run = spawnSync(process.execPath, [typedoc, "--options", "typedoc.json"], {
    cwd,
    encoding: "utf8",
    env,
  });
  rmSync(copy, { recursive: true });
  const output = run.stdout + run.stderr;
  const reports = output.matchAll(/(\S+) \(\w+\), defined in (\S+), does not have any documentation/g);
  const found = [...reports].map(([, name, where]) => ({ name, where }));
  return { status: run.status, output, found };
}

/** The planted names that were not reported for this entry point. */
function missed(entry, found) {
  const file = entry.replace(/^packages/, "@everdraft");
  // with several entry points typedoc puts the module's name before
  const names = found.filter(({ where }) => where === file).map(({ name }) => name);
  return planted.filter((name) => !names.some((each) => each === name || each.endsWith(`.${name}`)));
}

const good = check("documented.ts");
const bad = check("undocumented.ts");
const misses = entries.flatMap((entry) => missed(entry, bad.found).map((name) => `${entry}: ${name}`));

if (good.status === 0 && bad.status !== 0 && misses.length === 0) {
  console.log(
    `Doc comments: green with them, red on all ${planted.length} planted names of ${entries.length} entries`,
  );
} else {
  console.error(`With comments (exit code ${good.status}):\n${good.output}`);
  console.error(`Without (exit code ${bad.status}):\n${bad.output}\nNot reported:\n${misses.join("\n")}`);
  process.exitCode = 1;
}
