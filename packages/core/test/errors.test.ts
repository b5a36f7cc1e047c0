// How errors are told apart: by their codes, which narrow their details, whatever copy of the package they are of.
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { ConflictError, type ErrorCode, httpStatusOf, isEverdraftError } from "../src/index.ts";

const details = { id: "o-1", expected: 1, found: 2, by: "alice", foundBy: "bob" };
const conflict = new ConflictError(details);

test("an error of the library is known by its code, and its details have the type of that code", () => {
  const error: unknown = conflict;
  if (!isEverdraftError(error, "conflict")) throw new Error("it is one");
  expect(error.details.found.toFixed()).toBe("2");
  expect(isEverdraftError(error)).toBe(true);
  expect(isEverdraftError(error, "timeout")).toBe(false);
});

test("so is one of another copy of the package, or of another realm", () => {
  const copied = Object.assign(new Error("another was first"), { code: "conflict", details });
  const elsewhere = runInNewContext("Object.assign(new Error('x'), { code: 'deleted', details: {} })");
  expect([isEverdraftError(copied, "conflict"), isEverdraftError(elsewhere, "deleted")]).toEqual([
    true,
    true,
  ]);
});

test("nothing else is", () => {
  const others = [
    ...[undefined, null, "conflict", 5, { code: "conflict", details }, new Error("conflict")],
    ...[
      Object.assign(new Error("x"), { code: "ENOENT" }),
      Object.assign(new Error("x"), { code: "toString", details }),
    ],
  ];
  expect(others.map((one) => isEverdraftError(one))).toEqual(others.map(() => false));
});

test("each code has a status, and docs/errors.md tells it", () => {
  const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const told = [...page.matchAll(/^## (\w+)\n\n`\w+`, HTTP (\d+)\./gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  const headings = [...page.matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
  expect(told.map(([code]) => code)).toEqual(headings);
  const like = (code: ErrorCode) => Object.assign(new Error(code), { code, details: {} });
  expect(told).toEqual(told.map(([code]) => [code, httpStatusOf(like(code as ErrorCode))]));
  expect(httpStatusOf(new TypeError("x"))).toBe(500);
});
