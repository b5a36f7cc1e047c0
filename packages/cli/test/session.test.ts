import { expect, test } from "vitest";
import { createSession, type Flags } from "../src/session.ts";
import { createRedaction } from "../src/terminal/redact.ts";

function sessionOf(flags: Flags) {
  const { stdout: out, stderr: err, stdin: input, env } = process;
  const { signal } = new AbortController();
  const interrupts = { signal, interrupt: () => {}, hold: () => {}, release: () => {} };
  return createSession({
    terminal: { out, err, input, env, cwd: "/" },
    flags,
    argv: [],
    redaction: createRedaction(),
    signal,
    interrupts,
    resumeWith: () => {},
  });
}

test("A timeout is a whole number of milliseconds, and at least one", () => {
  expect(sessionOf({}).call.timeoutMs).toBe(60_000);
  expect(sessionOf({ timeout: "2.9998889" }).call.timeoutMs).toBe(3_000);
  expect(sessionOf({ timeout: "0.00001" }).call.timeoutMs).toBe(1);
});

test("A command that is told names the same store, as a shell reads it", () => {
  expect(sessionOf({}).naming).toBe("");
  expect(sessionOf({ uri: "sqlite:my orders.db", collection: "it's" }).naming).toBe(
    " --uri 'sqlite:my orders.db' --collection 'it'\\''s'",
  );
});
