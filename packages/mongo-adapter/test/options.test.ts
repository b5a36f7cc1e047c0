import { expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";

test.each([
  ["a name that there is not", { atomicView: true }, { option: "atomicView", nearest: "atomicViews" }],
  ["a text for a switch", { atomicViews: "yes" }, { option: "atomicViews", reason: "it is true or false" }],
  ["null in the place of the options", null, { option: "options", reason: "it is an object" }],
])("%s is an OptionsError before anything is opened", (_, options, details) => {
  expect(() => Reflect.apply(mongoStorage, undefined, [newDatabase(), options])).toThrow(
    expect.objectContaining({ code: "options", details: expect.objectContaining(details) }),
  );
});
