import { expect, test } from "vitest";
import { readJson } from "../src/read-json.ts";

const long = '{\n  "password": "swordfish swordfish swordfish",\n';

test("A JSON text is read, a number that would be lost is told", () => {
  expect(readJson('{ "a": [1, "x"] }')).toEqual({ value: { a: [1, "x"] } });
  expect(readJson('{ "a": 1e400 }')).toEqual({
    lost: "a number that is too large or too small for a number to hold (column 8)",
  });
});

test("A fault is told by its place, without a piece of the text", () => {
  const cases: [string, string | RegExp][] = [
    [`${long}  "a": swordfish, "and": "more of it" }`, /^Unexpected token '?s'? \(line 3, column 8\)$/],
    [`${long}  "a": 1,\n}`, /^Expected double-quoted property name in JSON \(line 4, column 1\)$/],
    [
      `${long}  "a": "sword\nfish" }`,
      /^Bad control character in string literal in JSON \(line 3, column 14\)$/,
    ],
    ["undefined", /^("undefined" is not valid JSON|no value|Unexpected token.*)$/],
    ["", "Unexpected end of JSON input"],
    ["[swordfish]", "Unexpected token 's'"],
  ];
  for (const [text, invalid] of cases) {
    const read = readJson(text);
    expect(read).toEqual({ invalid: typeof invalid === "string" ? invalid : expect.stringMatching(invalid) });
    expect(JSON.stringify(read)).not.toMatch(/word/);
  }
});
