import { expect, test } from "vitest";
import { parseState } from "../src/parse-state.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("A YAML file is read by its ending, as JSON would hold it", async () => {
  const text =
    "name: shop\nsince: 2024-01-02\nports: [80, 443]\nbase: &base { retries: 3 }\njob: { <<: *base, on: yes }\n1: one\n";
  expect(await parseState(bytes(text), "a/b.yaml")).toEqual({
    state: {
      name: "shop",
      since: "2024-01-02",
      ports: [80, 443],
      base: { retries: 3 },
      job: { retries: 3, on: "yes" },
      "1": "one",
    },
  });
  expect(await parseState(bytes("a: 1"), "b.YML")).toEqual({ state: { a: 1 } });
  expect(await parseState(bytes("a: 1"), "b.json")).toEqual({
    why: expect.stringMatching(/^invalid JSON: /),
  });
});

test("A number that would become another one is named by its place, never by its digits", async () => {
  const cases: [string, string][] = [
    ["9007199254740993", "an integer that no number can hold"],
    ["12345678901234567.89", "a number with more digits than a number can hold"],
    ["1e400", "a number that is too large or too small for a number to hold"],
  ];
  for (const [number, words] of cases) {
    const why = (line: number, column: number) => ({
      why: `it has ${words} (line ${line}, column ${column})`,
      holdsState: true,
    });
    expect(await parseState(bytes(`{ "a": "1e400",\n "b": [${number}] }`), "b.json")).toEqual(why(2, 8));
    expect(await parseState(bytes(`a: "1e400"\nb:\n  - ${number}\n`), "b.yaml")).toEqual(why(3, 5));
    expect(await parseState(bytes(`a: 1\n${number}: b\n`), "b.yaml")).toEqual(why(2, 1));
  }
  const kept = { a: 9007199254740992, b: 1e22, c: "9007199254740993", d: 0.1 };
  const text = '{ "a": 9007199254740992, "b": 10000000000000000000000, "c": "9007199254740993", "d": 0.100 }';
  for (const name of ["b.json", "b.yaml"])
    expect(await parseState(bytes(text), name)).toEqual({ state: kept });
  expect(await parseState(bytes("a: .inf\nb: 0x1F\n"), "b.yaml")).toEqual({
    state: { a: Number.POSITIVE_INFINITY, b: 31 },
  });
});

test("Of keys that a YAML file gives twice the last one counts, and they are counted", async () => {
  const text =
    "a: 1\nb: { c: 1, c: 2, c: 3 }\na: 4\n1: one\n'1': two\nbase: &base { d: 1 }\nmore: &more { e: 1 }\nm: { <<: *base, <<: *more }\n";
  expect(await parseState(bytes(text), "a.yaml")).toEqual({
    state: { a: 4, b: { c: 3 }, "1": "two", base: { d: 1 }, more: { e: 1 }, m: { d: 1, e: 1 } },
    repeatedKeys: 4,
  });
});

test("What is wrong with a JSON text is told without a piece of it", async () => {
  for (const text of ['{ "secret": swordfish }', "swordfish", '{ "secret": "swordfish" '])
    expect(JSON.stringify(await parseState(bytes(text), "a.json"))).toMatch(
      /^(?!.*(?:secret|swordfish)).*invalid JSON: \w/,
    );
});

test("What is no YAML mapping is told in half a sentence", async () => {
  const cases: [string, RegExp][] = [
    ["a: [1", /^invalid YAML: Flow sequence in block collection must be .* at line 1, column 6$/],
    ["a: 1\n---\nb: 2\n", /^invalid YAML: Source contains multiple documents/],
    ["- 1", /^the root is an array, not an object$/],
    ["", /^the root is null, not an object$/],
    ["just text", /^the root is a string, not an object$/],
  ];
  for (const [text, why] of cases)
    expect(await parseState(bytes(text), "a.yml")).toEqual({ why: expect.stringMatching(why) });
});
