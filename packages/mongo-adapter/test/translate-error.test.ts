import { ConstraintError } from "@everdraft/core/adapter";
import { BSON, MongoNetworkError, MongoServerError } from "mongodb";
import { describe, expect, test } from "vitest";
import { storedNothing, translateError } from "../src/errors/translate-error.ts";

const { BSONError } = BSON;
const attempted = { operation: "store events", database: "shop", timeoutMs: 500 };
const quoted = "no, not { _id: 1, mail: 'secret' }";
const server = (code: number, extra: object = {}) =>
  new MongoServerError({ message: quoted, code, ...extra });

describe("an error of the driver", () => {
  test.each([
    [13, "storage_read_only", true],
    [18, "storage", true],
    [24, "storage_busy", false],
    [50, "timeout", false],
    [59, "storage", true],
    [64, "storage", false],
    [91, "storage", false],
    [112, "storage_busy", false],
    [121, "constraint", true],
    [189, "storage", false],
    [10107, "storage", false],
    [10334, "too_large", true],
    [11000, "constraint", true],
    [14031, "storage_full", false],
    [424242, "storage", false],
  ])("with the server's code %i is a %s", (code, wanted, final) => {
    const error = server(code);
    const translated = translateError(error, attempted);
    expect(translated).toMatchObject({ code: wanted, cause: error });
    expect(translated.message).toMatch(/^Could not store events in the database "shop": .+\. [A-Z].+\.$/s);
    expect(translated.message).toMatch(code === 11000 || code === 121 ? /refuses it/ : `code ${code}`);
    expect(translated.message).not.toMatch(/secret/);
    expect(storedNothing(error)).toBe(final);
  });

  test("is found by its cause too, and a label makes the surest code doubtful", () => {
    const wrapped = Object.assign(new Error("bulk"), { cause: server(59) });
    expect(translateError(wrapped, attempted)).toMatchObject({ code: "storage" });
    expect(storedNothing(wrapped)).toBe(true);
    const retried = server(0, { code: undefined, originalError: server(20) });
    expect(translateError(retried, attempted)).toMatchObject({ code: "storage" });
    expect(storedNothing(retried)).toBe(true);
    expect(storedNothing(server(13, { errorLabels: ["RetryableWriteError"] }))).toBe(false);
    expect(storedNothing(server(13, { writeConcernError: { code: 64 } }))).toBe(false);
  });

  test("of the network leaves open what was stored", () => {
    const error = new MongoNetworkError("connection 3 to 127.0.0.1:1 closed");
    expect(translateError(error, attempted)).toMatchObject({ code: "storage", cause: error });
    expect(storedNothing(error)).toBe(false);
    const pipe = Object.assign(new Error("This socket has been ended by the other party"), { code: "EPIPE" });
    expect(translateError(pipe, attempted)).toMatchObject({
      code: "storage",
      message: expect.stringMatching(/can be reached/),
    });
    expect(storedNothing(pipe)).toBe(false);
  });

  test("tells no value that an index refused", () => {
    const message =
      'E11000 duplicate key error collection: shop.people index: mail_1 dup key: { mail: "secret" }';
    const { message: told } = translateError(new MongoServerError({ message, code: 11000 }), attempted);
    expect(told).toContain("mail_1");
    expect(told).not.toContain("secret");
  });

  test.each([
    [
      "a BSON value",
      new BSONError("Invalid 'secret'"),
      /the driver refused it before it was sent \(BSONError\)/,
    ],
    ["anything else", new TypeError("secret is not a function"), /the driver failed \(TypeError\)/],
    ["what is no error", "secret", /the driver failed/],
    [
      "a server's code by name",
      server(91, { codeName: "ShutdownInProgress" }),
      /code 91 \(ShutdownInProgress\)/,
    ],
    ["a name that is none", server(91, { codeName: "secret { a: 1 }" }), /code 91\./],
  ])("tells nothing that could quote a document: %s", (_, thrown, told) => {
    const translated = translateError(thrown, attempted);
    expect(translated.message).toMatch(told);
    expect(translated.message).not.toMatch(/secret/);
    expect(translated.cause).toBe(thrown);
  });

  test.each([
    ["BSONError", "value"],
    ["BSONVersionError", "value"],
    ["MongoInvalidArgumentError", "storage"],
    ["MongoCompatibilityError", "storage"],
    ["MongoTransactionError", "storage"],
  ])("before it sends (%s) is a refusal", (name, code) => {
    const error = Object.assign(new Error("secret"), { name });
    expect(storedNothing(error)).toBe(true);
    expect(translateError(error, attempted)).toMatchObject({ code });
  });

  test("that its retries are refused tells the option that helps", () => {
    const retried = server(0, { code: undefined, originalError: server(20) });
    expect(translateError(retried, attempted).message).toMatch(/code 20.*retryWrites=false/);
  });

  test("of the network tells the address", () => {
    const error = new MongoNetworkError("connection 3 to 127.0.0.1:1 closed");
    expect(translateError(error, attempted).message).toMatch(/connection 3 to 127\.0\.0\.1:1 closed/);
  });

  test("of the library is given back as it is", () => {
    const error = new ConstraintError({ operation: "store", id: "a", reason: "no", remedy: "None." });
    expect(translateError(error, attempted)).toBe(error);
  });
});
