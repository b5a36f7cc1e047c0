// Jest runs tests in a vm context, where all that Node itself gives is of another realm.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
const config = join(import.meta.dirname, "jest", "jest.config.json");

/** What Jest says of its run, as JSON. */
function run(): Promise<{ readonly [key: string]: unknown }> {
  return new Promise((resolve, reject) => {
    const args = [
      "--experimental-vm-modules",
      "--no-warnings",
      jest,
      "--config",
      config,
      "--runInBand",
      "--json",
    ];
    execFile(process.execPath, args, { timeout: 100_000 }, (error, stdout, stderr) => {
      // it ends with 1 where a test fails, and tells which
      if (stdout === "") reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout));
    });
  });
}

test("a store takes the values of Node under Jest, in memory and in a file", {
  timeout: 120_000,
}, async () => {
  const result = await run();
  expect(result.success, JSON.stringify(result.testResults, undefined, 2)).toBe(true);
  expect(result).toMatchObject({ numPassedTests: 7, numTotalTests: 7, numPendingTests: 0 });
});
