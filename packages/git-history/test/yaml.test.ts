import { expect, test } from "vitest";
import { parseState } from "../src/parse-state.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("A YAML file is read by its ending, as JSON would hold it", () => {
  const text =
    "name: shop\nsince: 2024-01-02\nports: [80, 443]\nbase: &base { retries: 3 }\njob: { <<: *base, on: yes }\n1: one\n";
  expect(parseState(bytes(text), "a/b.yaml")).toEqual({
    state: {
      ...{ name: "shop", since: "2024-01-02", ports: [80, 443], base: { retries: 3 } },
      ...{ job: { retries: 3, on: "yes" }, "1": "one" },
    },
  });
  expect(parseState(bytes("a: 1"), "b.YML")).toEqual({ state: { a: 1 } });
  // a number would be another one
  const lost = { why: "it has the integer 9007199254740993, which no number can hold" };
  expect(parseState(bytes('{ "a": [{ "b": 9007199254740993 }] }'), "b.json")).toEqual(lost);
  expect(parseState(bytes("a: 9007199254740993"), "b.yaml")).toEqual(lost);
  const kept = { state: { a: 9007199254740992, b: 1e22, c: "9007199254740993" } };
  const long = '{ "a": 9007199254740992, "b": 10000000000000000000000, "c": "9007199254740993" }';
  for (const name of ["b.json", "b.yaml"]) expect(parseState(bytes(long), name)).toEqual(kept);
  expect(parseState(bytes("a: 1"), "b.json")).toEqual({ why: expect.stringMatching(/^invalid JSON: /) });
});

test("What is no YAML mapping is told in half a sentence", () => {
  const cases: [string, RegExp][] = [
    ["a: [1", /^invalid YAML: Flow sequence in block collection must be .* at line 1, column 6$/],
    ["a: 1\n---\nb: 2\n", /^invalid YAML: Source contains multiple documents/],
    ["- 1", /^the root is an array, not an object$/],
    ["", /^the root is null, not an object$/],
    ["just text", /^the root is a string, not an object$/],
  ];
  for (const [text, why] of cases)
    expect(parseState(bytes(text), "a.yml")).toEqual({ why: expect.stringMatching(why) });
});
