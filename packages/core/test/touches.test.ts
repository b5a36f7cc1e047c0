// Whether a patch touches a place: written there, around it, in it, or before it in the same list.
import { expect, test } from "vitest";
import type { Patch } from "../src/model/patch.ts";
import { touches } from "../src/patch/touches.ts";
import type { Path } from "../src/value/path.ts";

const value = 0;
const cases: readonly (readonly [what: string, patch: Patch, place: Path, touched: boolean])[] = [
  ["the place itself", { op: "replace", path: ["a", "b"], value }, ["a", "b"], true],
  ["the place itself, added", { op: "add", path: ["a"], value }, ["a"], true],
  ["the place itself, removed", { op: "remove", path: ["a"] }, ["a"], true],
  ["the whole document", { op: "replace", path: [], value }, ["a", 3], true],
  ["a container around it", { op: "replace", path: ["a"], value }, ["a", "b", 2], true],
  ["a value in it", { op: "add", path: ["a", "b", 2], value }, ["a"], true],
  ["any place, of the whole document", { op: "remove", path: ["a"] }, [], true],
  ["another field", { op: "replace", path: ["b"], value }, ["a"], false],
  ["another field, added", { op: "add", path: ["b"], value }, ["a"], false],
  ["a field of another field", { op: "replace", path: ["b", "c"], value }, ["a", "c"], false],
  ["another element", { op: "replace", path: ["list", 1], value }, ["list", 2], false],
  ["an element inserted before it", { op: "add", path: ["list", 1], value }, ["list", 2], true],
  ["an element removed before it", { op: "remove", path: ["list", 0] }, ["list", 2, "qty"], true],
  ["an element inserted behind it", { op: "add", path: ["list", 3], value }, ["list", 2], false],
  ["an element removed behind it", { op: "remove", path: ["list", 3] }, ["list", 2], false],
  [
    "a field of an element before it",
    { op: "add", path: ["list", 1, "qty"], value },
    ["list", 2, "qty"],
    false,
  ],
  ["an element, its index as text", { op: "add", path: ["list", 1], value }, ["list", "2"], true],
  ["the same element, its index as text", { op: "replace", path: ["list", 2], value }, ["list", "2"], true],
  [
    "an element before a text that is no index",
    { op: "add", path: ["list", 1], value },
    ["list", "02"],
    false,
  ],
  ["a key that looks like an index", { op: "add", path: ["map", "1"], value }, ["map", "2"], false],
  ["an element beside a key", { op: "remove", path: ["list", 1] }, ["list", "length"], false],
];

test.each(cases)("%s", (_, patch, place, touched) => {
  expect(touches(patch, place)).toBe(touched);
});
