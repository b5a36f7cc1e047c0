// The time of a call, in messages: whole milliseconds, whatever is left of it when the adapter is asked.
import { describe, expect, test } from "vitest";
import { withinTime } from "../src/connection/deadline.ts";
import { translateError } from "../src/errors/translate-error.ts";

const timeoutMs = 5.123456789012;
const whole = /^Could not read events in MongoDB: it took longer than 6 ms\. Look whether the server/;

describe("a call whose time is up tells whole milliseconds", () => {
  test("where the work does not end", async () => {
    const endless = withinTime("read events", { timeoutMs }, () => new Promise(() => undefined));
    await expect(endless).rejects.toMatchObject({ code: "timeout", message: expect.stringMatching(whole) });
  });

  test("where its next command would begin too late", async () => {
    const late = withinTime("read events", { timeoutMs }, async (deadline) => {
      while (!deadline.over());
      return deadline.call();
    });
    await expect(late).rejects.toMatchObject({ code: "timeout", message: expect.stringMatching(whole) });
  });

  test("where the server says so, or the driver", () => {
    const attempted = { operation: "read events", database: "shop", timeoutMs };
    const server = Object.assign(new Error("operation exceeded time limit"), { code: 50 });
    const driver = Object.assign(new Error("Timed out"), { name: "MongoOperationTimeoutError" });
    for (const thrown of [server, driver]) {
      const { code, message } = translateError(thrown, attempted);
      expect(code).toBe("timeout");
      expect(message).not.toMatch(/\d\.\d/);
    }
  });
});

test("the driver is given whole milliseconds, and at least one", async () => {
  const left = await withinTime("read events", { timeoutMs: 500.7 }, async (deadline) => deadline.left());
  expect(left).toBeGreaterThan(0);
  expect(Number.isInteger(left)).toBe(true);
  const little = withinTime("read events", { timeoutMs: 0.3 }, async (deadline) => deadline.left());
  expect(await little).toBe(1);
});
