import { readFileSync } from "node:fs";
import * as core from "@everdraft/core";
import { describe, expect, test } from "vitest";
import { badInputCodes } from "../src/bad-input/describe-bad-input.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const union = [...read("packages/core/src/errors/error-code.ts").matchAll(/\| "(\w+)"/g)].map(
  ([, code]) => code,
);

/** One section of docs/errors.md. */
const sections = read("docs/errors.md")
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ code: section.slice(0, section.indexOf("\n")).trim(), text: section }));

type AnyError = new (details: object) => core.EverdraftError;
const classes = Object.values(core).filter(
  (one): one is typeof one & AnyError =>
    typeof one === "function" && one.prototype instanceof core.EverdraftError,
);

describe("the codes of errors", () => {
  test("are those of a union that could be read", () => {
    expect(union.length).toBeGreaterThan(30);
    expect(new Set(union).size).toBe(union.length);
  });

  test("each occur in the table of bad input", () => {
    expect([...badInputCodes()].toSorted()).toEqual(union.toSorted());
  });

  test("each have one heading in docs/errors.md, and nothing else has one", () => {
    expect(sections.map(({ code }) => code).toSorted()).toEqual(union.toSorted());
  });

  test("each belong to one class, which the page names", () => {
    const coded = classes.map((Class) => ({ name: Class.name, code: new Class({ path: [] }).code }));
    expect(coded.map(({ code }) => code).toSorted()).toEqual(union.toSorted());
    for (const { name, code } of coded) {
      expect(sections.find((section) => section.code === code)?.text, code).toContain(`\`${name}\``);
    }
  });

  test("each come with a remedy, and with what a retry is worth", () => {
    for (const { code, text } of sections) {
      expect(text, code).toMatch(/^- Remedy: \S/m);
      expect(text, code).toMatch(/^- Retry with the same arguments: \S/m);
    }
  });
});
