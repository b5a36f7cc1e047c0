import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Evaluates code beside the scripts and gives back the value that it logs as JSON. */
function evaluate(code: string): unknown {
  const how = { cwd: import.meta.dirname, encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], how);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test.each([
  ["It stores what changed.", 1, 1],
  ["What changed is stored.", 1, 1],
  ["It says what changed, and asks what for.", 2, 0],
  ["Told what it was, it knows what is left of what was there.", 3, 1],
  ["What is left? Nothing.", 1, 0],
  ['Counts "what" and `what` and somewhat.', 2, 0],
])("of %j it counts %i, and %i as subject or object", (comment, all, names) => {
  const code = `import { whatsIn } from "./house.mjs"; console.log(JSON.stringify(whatsIn(${JSON.stringify(comment)})));`;
  expect(evaluate(code)).toEqual({ all, names });
});

test("places of such comments are listed by file and line, lines of one comment as one", () => {
  const text = "const a = 1;\n// it stores\n// what changed\nconst b = 2; // told what it is";
  const code = `
    import { measure } from "./house.mjs";
    const sources = [{ path: import.meta.dirname + "/a.ts", text: ${JSON.stringify(text)} }];
    console.log(JSON.stringify(measure(sources).whats.places));`;
  expect(evaluate(code)).toEqual([expect.stringMatching(/a\.ts:2: it stores what changed$/)]);
});

test("each function notes that it is entered, and works as before", () => {
  const text = `
    export function declared(a = 1) { return inner(a)(2); }
    const inner = (a) => (b) => ({ sum: a + b });
    class Base { constructor() { this.made = true; } }
    export class Derived extends Base { constructor() { super(); } get it() { return this.made; } static async later() {} }
    export function* listed() { yield 1; }`;
  const code = `
    import { noting } from "./one-edit.mjs";
    let count = 0;
    globalThis.everdraftEntered = (file) => { count += file === 7 ? 1 : 1_000; };
    const url = "data:text/javascript," + encodeURIComponent(noting("a.js", ${JSON.stringify(text)}, 7));
    const { declared, Derived, listed } = await import(url);
    const seen = [];
    const see = (value) => seen.push([value, count]);
    see(declared());
    see(new Derived().it);
    see(await Derived.later() ?? null);
    const list = listed();
    see("not begun");
    see([...list]);
    console.log(JSON.stringify(seen));`;
  expect(evaluate(code)).toEqual([
    [{ sum: 3 }, 3],
    [true, 6],
    [null, 7],
    ["not begun", 7],
    [[1], 8],
  ]);
});

test("a move is a change of file, pure files left out; files and lines count once", () => {
  const code = `
    import { figuresOf } from "./one-edit.mjs";
    const [act, pure, log] = ["core/acts/act.ts", "core/value/value.ts", "sqlite-adapter/log.ts"].map((name) => ({ name, source: "house.json" }));
    const { lines: each } = figuresOf([act]);
    const { files, moves, lines } = figuresOf([act, act, pure, act, log, act]);
    console.log(JSON.stringify({ files, moves, times: lines / each }));`;
  expect(evaluate(code)).toEqual({ files: 3, moves: 3, times: 3 });
});
