import { OptionsError } from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import { storedNothing, translateError } from "../src/errors/translate-error.ts";

const attempted = { operation: "store events", path: "/data/orders.db" };
const engineError = (errcode: number): Error =>
  Object.assign(new Error("what the engine said"), { code: "ERR_SQLITE_ERROR", errcode });

const table = [
  { name: "BUSY", errcode: 5, code: "storage_busy", sure: true },
  { name: "BUSY_RECOVERY", errcode: 261, code: "storage_busy", sure: true },
  { name: "BUSY_SNAPSHOT", errcode: 517, code: "storage_busy", sure: true },
  { name: "LOCKED", errcode: 6, code: "storage_busy", sure: true },
  { name: "PROTOCOL", errcode: 15, code: "storage_busy", sure: true },
  { name: "READONLY", errcode: 8, code: "storage_read_only", sure: true },
  { name: "READONLY_DIRECTORY", errcode: 1544, code: "storage_read_only", sure: true },
  { name: "CORRUPT", errcode: 11, code: "storage_corrupt", sure: true },
  { name: "CORRUPT_INDEX", errcode: 779, code: "storage_corrupt", sure: true },
  { name: "FULL", errcode: 13, code: "storage_full", sure: true },
  { name: "NOTADB", errcode: 26, code: "storage_corrupt", sure: true },
  { name: "CONSTRAINT_CHECK", errcode: 275, code: "constraint", sure: true },
  { name: "PERM", errcode: 3, code: "storage", sure: false },
  { name: "NOMEM", errcode: 7, code: "storage", sure: false },
  { name: "IOERR_FSYNC", errcode: 1034, code: "storage", sure: false },
  { name: "CANTOPEN", errcode: 14, code: "storage", sure: false },
  { name: "TOOBIG", errcode: 18, code: "storage", sure: false },
  { name: "ERROR (no such table)", errcode: 1, code: "storage", sure: false },
  { name: "a code of the future", errcode: 255, code: "storage", sure: false },
];

describe("an error of the engine", () => {
  test.each(table)("$name becomes the error $code", ({ errcode, code, sure }) => {
    const cause = engineError(errcode);
    const error = translateError(cause, attempted);
    expect(error).toMatchObject({ code, cause, details: { operation: "store events" } });
    expect(error.message).toMatch(
      /^Could not store events in "\/data\/orders.db": what the engine said\. \S/,
    );
    expect(storedNothing(error)).toBe(sure);
  });

  test("for a number that JavaScript cannot hold means a damaged row", () => {
    const cause = Object.assign(new RangeError("Value is too large"), { code: "ERR_OUT_OF_RANGE" });
    expect(translateError(cause, attempted)).toMatchObject({ code: "storage_corrupt", cause });
    const inList = new Error("Value is too large to be represented as a JavaScript number: 9007199254740992");
    expect(translateError(inList, attempted)).toMatchObject({ code: "storage_corrupt", cause: inList });
  });

  test.each([new TypeError("cannot be bound"), "a text", undefined, null, { errcode: "5" }])(
    "that nobody knows (%o) becomes a StorageError with its cause",
    (cause) => {
      expect(translateError(cause, attempted)).toMatchObject({ code: "storage", cause });
    },
  );
});

test("an error of the library stays what it is", () => {
  const own = new OptionsError({ option: "collection", reason: "a reason" });
  expect(translateError(own, attempted)).toBe(own);
});
