// node tools/one-edit.mjs [--way] [--check]: how far a reader has to go to follow one call. It runs calls on copies of the
// built packages (`pnpm build` first) that note each function they enter, and prints for each call:
//
// - files: how many files of core and of the SQLite adapter it entered;
// - moves: how often the next function entered was in another file than the one before, the first file included. Pure files
//   (of the rooms `pureRooms`) are left out: each can be read alone;
// - lines: how long the sources of the files entered are, pure ones and comments included.
//
// Only entries count. A return to the caller is a move once the caller enters a function again; code behind an `await`
// counts by the functions that it enters, and a generator where its first element is asked for. Functions of the caller
// (the recipe), of Node and of other packages do not count. Background work that runs before the call's promise is settled does.
//
// `--way` prints the files in their order. `--check` ends with an error where a figure is above tools/one-edit.json.
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";
import { parseSync } from "oxc-parser";
import { isFunction, tooHigh, walk } from "./house.mjs";

const root = join(import.meta.dirname, "..");
const packages = ["core", "sqlite-adapter"];
const pureRooms = ["errors", "value", "model", "patch", "changes", "fold", "projection"].map((room) => `core/${room}/`);

/** All files whose functions note that they are entered. A note is a place in this list. */
const files = [];
let entered = [];
globalThis.everdraftEntered = (file) => {
  entered.push(file);
};

/** A module's text, with a note at the beginning of each function. */
export function noting(path, text, file) {
  const note = `everdraftEntered(${file})`;
  const inserts = [];
  walk(parseSync(path, text).program.body, (node) => {
    if (!isFunction(node)) return;
    const { body } = node;
    if (body.type === "BlockStatement" || body.type === "FunctionBody")
      inserts.push([body.start + 1, `${note};`]);
    else inserts.push([body.start, `(${note}, `], [body.end, ")"]);
  });
  // from the end, so that offsets stay
  const fromEnd = inserts.toSorted(([a], [b]) => b - a);
  return fromEnd.reduce((whole, [at, piece]) => whole.slice(0, at) + piece + whole.slice(at), text);
}

/** Puts a copy of a built package that notes its functions where the other copies find it. */
function copyPackage(name, modules) {
  const [from, to] = [join(root, "packages", name), join(modules, "@everdraft", name)];
  if (!fs.existsSync(join(from, "dist"))) throw new Error(`${name} is not built; run pnpm build first`);
  fs.mkdirSync(to, { recursive: true });
  fs.cpSync(join(from, "package.json"), join(to, "package.json"));
  for (const file of fs.readdirSync(join(from, "dist"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".js")) continue;
    const source = join(from, "src", file.replace(/\.js$/, ".ts"));
    // built from a source that is gone
    if (!fs.existsSync(source)) continue;
    const [path, copy] = [join(from, "dist", file), join(to, "dist", file)];
    fs.mkdirSync(dirname(copy), { recursive: true });
    fs.writeFileSync(copy, noting(path, fs.readFileSync(path, "utf8"), files.length));
    files.push({ name: `${name}/${file.replace(/\.js$/, ".ts")}`, source });
  }
  const { dependencies = {} } = JSON.parse(fs.readFileSync(join(from, "package.json"), "utf8"));
  for (const needed of Object.keys(dependencies)) {
    const link = join(modules, needed);
    if (needed.startsWith("@everdraft/") || fs.existsSync(link)) continue;
    fs.mkdirSync(dirname(link), { recursive: true });
    fs.symlinkSync(fs.realpathSync(join(from, "node_modules", needed)), link, "junction");
  }
}

/** The files that a call enters, in order. */
async function wayOf(call) {
  entered = [];
  await call();
  return entered.map((file) => files[file]);
}

/** The figures of a way. */
export function figuresOf(way) {
  const once = [...new Set(way)];
  const names = way
    .map(({ name }) => name)
    .filter((name) => !pureRooms.some((room) => name.startsWith(room)));
  return {
    files: once.length,
    moves: names.filter((name, i) => name !== names[i - 1]).length,
    lines: once.reduce(
      (sum, { source }) => sum + fs.readFileSync(source, "utf8").trimEnd().split("\n").length,
      0,
    ),
  };
}

const revision = (id) => ({
  id,
  at: new Date(0),
  by: "alice",
  state: { title: "draft", lines: [{ qty: 1 }] },
});
const recipe = (draft) => {
  draft.title = `${draft.title}!`;
  draft.lines.push({ qty: 2 });
};

/** Runs the calls on a storage: a document's second edit, and the import of the only revision of a document. */
async function waysOn(storage, createStore) {
  const store = createStore({ collection: "documents", storage });
  // all that happens once in a process or a store has happened then
  await store.create("a", "alice", { title: "draft", lines: [{ qty: 1 }] });
  await store.edit("a", "alice", recipe);
  const edit = await wayOf(() => store.edit("a", "alice", recipe));
  await store.import([revision("b")], { name: "first" });
  const imported = await wayOf(() => store.import([revision("c")], { name: "second" }));
  await store.close();
  await storage.close?.();
  return { edit, imported };
}

/** The ways of the calls that are measured, by their names. */
async function measureWays(folder) {
  const modules = join(folder, "node_modules");
  for (const name of packages) copyPackage(name, modules);
  const load = (file) => import(pathToFileURL(join(modules, "@everdraft", file)));
  const { createStore } = await load("core/dist/index.js");
  const { sqliteStorage } = await load("sqlite-adapter/dist/index.js");
  const { memoryStorage } = await load("core/dist/memory/memory-storage.js");
  const sqlite = await waysOn(sqliteStorage(join(folder, "documents.db")), createStore);
  const memory = await waysOn(memoryStorage(), createStore);
  return {
    "an edit on SQLite, warm": sqlite.edit,
    "an edit in memory, warm": memory.edit,
    "import of one revision on SQLite": sqlite.imported,
    "import of one revision in memory": memory.imported,
  };
}

function print(figures, ways) {
  const row = (name, cells) =>
    console.log(`${name.padEnd(36)}${cells.map((cell) => String(cell).padStart(8)).join("")}`);
  row("\none call", ["files", "moves", "lines"]);
  for (const [name, { files, moves, lines }] of Object.entries(figures)) {
    row(`  ${name}`, [files, moves, lines]);
    if (!argv.includes("--way")) continue;
    const names = ways[name].map((file) => file.name);
    console.log(names.filter((name, i) => name !== names[i - 1]).join("\n"));
  }
}

if (argv[1] === import.meta.filename) {
  const folder = fs.mkdtempSync(join(tmpdir(), "everdraft-one-edit-"));
  const ways = await measureWays(folder).finally(() => fs.rmSync(folder, { recursive: true, force: true }));
  const figures = Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, figuresOf(way)]));
  print(figures, ways);
  const findings = tooHigh(figures, JSON.parse(fs.readFileSync(join(root, "tools/one-edit.json"), "utf8")));
  if (argv.includes("--check") && findings.length > 0) {
    console.error(`\n${findings.join("\n")}`);
    exit(1);
  }
}
