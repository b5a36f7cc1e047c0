// Changes as text, as a JSON Patch, and in a page: the entry `@everdraft/core/changes`.

import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { applyPatch } from "fast-json-patch";
import { describe, expect, test } from "vitest";
import { changesBetween, formatChanges, toJsonPatch } from "../src/changes.ts";
import { ValueError } from "../src/errors/value-error.ts";

const before = {
  status: "open",
  note: "the customer asked for a call in the morning, before ten, because the shop opens at half past ten",
  lines: [
    { id: "A-17", qty: 1 },
    { id: "B-2", qty: 4 },
    { id: "C-3", qty: 1 },
  ],
  tags: ["new"],
  old: true,
};
const after = {
  status: "paid",
  note: "the customer asked for a call in the evening, before ten, because the shop opens at half past ten",
  lines: [
    { id: "C-3", qty: 1 },
    { id: "A-17", qty: 2 },
    { id: "B-2", qty: 4 },
  ],
  tags: ["new", "urgent"],
};

describe("changes as text", () => {
  test("an option that there is not is refused, and the one that was meant is named", () => {
    expect(() => formatChanges([], { widht: 3 } as never)).toThrow(
      expect.objectContaining({
        code: "options",
        details: expect.objectContaining({ option: "widht", nearest: "width" }),
      }),
    );
  });

  test("each change has a line, elements have their names, and long texts their words", () => {
    expect(formatChanges(changesBetween(before, after)).split("\n")).toEqual([
      '~ status: "open" → "paid"',
      "~ note: …asked for a call in the [-morning-]{+evening+}, before ten, because th…",
      "> lines › C-3: from place 2 to 0",
      "~ lines › A-17 › qty: 1 → 2",
      '+ tags › [1]: "urgent"',
      "- old: true",
    ]);
    expect(formatChanges(changesBetween(before, before))).toBe("");
    expect(formatChanges(changesBetween(undefined, { a: 1 }))).toBe('+ the document: {"a":1}');
  });

  test("names, values and width are the caller's", () => {
    const names = (path: readonly unknown[]) =>
      path.join(".") === "lines.A-17.qty" ? "quantity of A-17" : undefined;
    const text = formatChanges(changesBetween(before, after), {
      names,
      value: (value) => `<${String(value)}>`,
      width: 5,
    });
    expect(text).toContain("~ quantity of A-17: <1> → <2>");
    expect(text).toContain("~ status: <ope… → <pai…");
  });

  test("colours are codes around signs and words, and only where they are asked for", () => {
    const text = formatChanges(changesBetween(before, after), { color: true });
    expect(text).toContain("\u001b[31m[-morning-]\u001b[39m\u001b[32m{+evening+}\u001b[39m");
    expect(formatChanges(changesBetween(before, after))).not.toContain("\u001b");
  });

  test("a value cannot command the terminal, nor turn the text around", () => {
    const hostile = { "k\u001b[2J": "a\u009b31m\u202e", n: "line\nline" };
    const lines = formatChanges(changesBetween({}, hostile)).split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe("patches as a JSON Patch", () => {
  test("a library that knows RFC 6902 comes to the same state", () => {
    const start = { a: { "b/c": 1, "d~e": [1, 2] }, gone: null };
    const patches = [
      { op: "replace", path: ["a", "b/c"], value: { x: [] } },
      { op: "add", path: ["a", "d~e", 1], value: "between" },
      { op: "remove", path: ["gone"] },
    ] as const;
    const operations = toJsonPatch(patches);
    expect(operations).toEqual([
      { op: "replace", path: "/a/b~1c", value: { x: [] } },
      { op: "add", path: "/a/d~0e/1", value: "between" },
      { op: "remove", path: "/gone" },
    ]);
    const patched = applyPatch(
      structuredClone(start),
      structuredClone(operations) as never,
      true,
    ).newDocument;
    expect(patched).toEqual({ a: { "b/c": { x: [] }, "d~e": [1, "between", 2] } });
  });

  test.each([new Date(5), Uint8Array.of(1), Number.NaN, [{ deep: 1n }]])(
    "%o is refused with its place",
    (value) => {
      const attempt = (): unknown => toJsonPatch([{ op: "add", path: ["a"], value }]);
      expect(attempt).toThrow(ValueError);
      expect(attempt).toThrow(/the value at a/);
    },
  );
});

test("a page can load it: it asks for no module of Node", async () => {
  const entry = new URL("../src/changes.ts", import.meta.url).pathname;
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "changes",
    platform: "browser",
  });
  // no Buffer, no process, no require
  const page = { crypto: globalThis.crypto, result: "" };
  const use = `
    const list = (n) => [{ id: "A", n, at: new Date(n), bytes: new Uint8Array([n]) }];
    result = changes.formatChanges(changes.changesBetween({ list: list(1) }, { list: list(2) }), { value: (v) => v instanceof Date ? v.toJSON() : String(v) });
  `;
  runInNewContext(`${outputFiles[0]?.text}\n${use}`, page);
  expect(page.result.split("\n")).toEqual([
    "~ list › A › n: 1 → 2",
    "~ list › A › at: 1970-01-01T00:00:00.001Z → 1970-01-01T00:00:00.002Z",
    "~ list › A › bytes: 1 → 2",
  ]);
});
