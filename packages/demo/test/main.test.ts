import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRepository, type FixtureRepository } from "../../git-history/test/fixture-repository.ts";
import { quickFile, readRegion } from "../src/region.ts";
import { runDemo } from "./run-demo.ts";

const slow = 120_000;
let fixture: FixtureRepository;
let temporary: string;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "everdraft-main-"));
  fixture = createRepository();
  for (const v of [1, 2, 3]) {
    fixture.write("a.json", JSON.stringify({ v, list: ["a", `b${v}`] }));
    if (v === 2) fixture.write("b.json", "[]");
    fixture.commit(`Change ${v}`, { at: 1_600_000_000 + v * 86_400 });
  }
}, slow);

afterAll(() => {
  fixture[Symbol.dispose]();
  rmSync(temporary, { recursive: true, force: true });
});

test("Without arguments the demo imports its own history and proves that it is all there", {
  timeout: slow,
}, async () => {
  const { code, out, err } = await runDemo([], { env: { TMPDIR: temporary, PATH: "/nowhere" } });
  expect(err).toMatch(/^Importing [\d,]+ revisions of package\.json of mdn\/browser-compat-data /);
  expect(code).toBe(0);
  expect(out).toMatch(/^Imported package\.json /);
  expect(out).toMatch(/\n {2}[\d,]+ revisions by \d+ users became [\d,]+ events in [\d.]+ s\n/);
  expect(out.match(/✔/g)).toHaveLength(3);
  expect(out).not.toMatch(/✘|WRONG|undefined|NaN/);
  expect(`${out}${err}`).not.toContain("\u001b");
  const printed = (await readRegion(quickFile, "quick")).map((line) => `  ${line}`.trimEnd()).join("\n");
  expect(out).toContain(`The same in code\n${printed}\n`);

  // the line that it gives for a look into the file
  const [, file, sql] = out.match(/sqlite3 (\S+) '(.+)'/) as string[];
  const load = createRequire(import.meta.resolve("@everdraft/sqlite-adapter"));
  const { DatabaseSync } = load("@photostructure/sqlite");
  const database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare(sql).all()[0]).toMatchObject({
    doc: "package.json",
    by: "demo",
    version: expect.any(Number),
  });
  database.close();
});

test("Files of a repository are imported into the folder that is named, and a rerun goes on", {
  timeout: slow,
}, async () => {
  const into = join(temporary, "kept/here");
  const first = await runDemo(["--into", into, fixture.folder, "a.json"]);
  expect(first).toMatchObject({
    code: 0,
    err: expect.stringContaining("Importing 3 revisions of a.json of "),
  });
  expect(first.out).toMatch(/list\[1\]: "b2" → "b3"/);
  expect(first.out).toContain(join(into, "everdraft.sqlite"));
  const second = await runDemo(["--into", into, fixture.folder, "a.json"]);
  expect(second.code).toBe(0);
  expect(second.out).toContain("became 0 events");
  expect(second.out).toContain("a.json has newer events here than its import, so nothing was added to it");
  const other = createRepository();
  other.write("a.json", "{}");
  other.commit("another", { at: 1 });
  expect(await runDemo(["--into", into, other.folder, "a.json"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^The database there has another a\.json; choose another folder/m),
  });
  other[Symbol.dispose]();
});

test("A revision that cannot be stored is named, and the stored ones are proved without it", {
  timeout: slow,
}, async () => {
  using repository = createRepository();
  const contents = ['{"v":1}', '{"__proto__":{"v":2}}', "{ broken", '{"v":4}', '{"v":5}'];
  for (const [i, content] of contents.entries()) {
    repository.write("a.json", content);
    repository.commit(`${i}`, { at: 1_600_000_000 + i * 86_400 });
  }
  const { code, out } = await runDemo([repository.folder, "a.json"], { env: { TMPDIR: temporary } });
  expect(code, out).toBe(0);
  expect(out).toMatch(
    /\n {2}2 revisions are left out:\n {4}\w{10} a\.json: .*__proto__.*\n {4}\w{10} a\.json: invalid JSON/,
  );
  expect(out.match(/✔/g)).toHaveLength(3);
  expect(out).not.toMatch(/✘|WRONG/);
});

test("What cannot be done is one sentence on stderr and exit code 1", { timeout: slow }, async () => {
  const plain = join(temporary, "plain");
  fixture.git(["init", "--quiet", plain]);
  rmSync(join(plain, ".git"), { recursive: true });
  const environment = { TMPDIR: join(temporary), GIT_CEILING_DIRECTORIES: temporary };
  const left = readdirSync(temporary);
  const cases: [string, string[], Record<string, string>?][] = [
    [`${plain} is not a git repository.`, [plain, "a.json"]],
    [`${plain}/no does not exist.`, [`${plain}/no`, "a.json"]],
    [
      `c.json never existed in ${fixture.folder}; name it by its path in the repository.`,
      [fixture.folder, "c.json"],
    ],
    [
      "git is not installed, or not on the PATH; install it from https://git-scm.com.",
      [fixture.folder, "a.json"],
      { PATH: "/nowhere" },
    ],
    ["The folder package.json cannot be made: there is a file in its place.", ["--into", "package.json"]],
  ];
  await Promise.all(
    cases.map(async ([sentence, args, env]) => {
      const ended = await runDemo(args, { env: { ...environment, ...env } });
      expect(ended).toEqual({ code: 1, out: "", err: `${sentence}\n` });
    }),
  );
  // this one is found while the import runs
  const notJson = await runDemo([fixture.folder, "a.json", "b.json"], { env: environment });
  expect(notJson).toMatchObject({ code: 1, out: "" });
  expect(notJson.err).toMatch(
    /\nb\.json is not a JSON object in its only revision \(the newest, \w+: the root is an array, not an object\)\.\n$/,
  );
  expect(readdirSync(temporary)).toEqual(left);
});

test("A wrong command line is exit code 2, and --help tells how it is right", { timeout: slow }, async () => {
  const help = "--help tells how the demo is called.\n";
  const cases: [string, string[]][] = [
    ["No FILE given: name one or more JSON files of the repository.", ["."]],
    ["Unknown option '--frob'.", ["--frob"]],
    ["Option '--into <value>' argument missing.", ["--into"]],
    ["--into needs a folder.", ["--into", ""]],
  ];
  await Promise.all(
    cases.map(async ([sentence, args]) => {
      expect(await runDemo(args)).toEqual({ code: 2, out: "", err: `${sentence}\n${help}` });
    }),
  );
  const helped = await runDemo(["--help"]);
  expect(helped).toMatchObject({ code: 0, err: "" });
  expect(helped.out).toMatch(/^Usage: npx -y pnpm@10 demo \[--into FOLDER\] \[REPO FILE…\]$/m);
  expect(helped.out).toMatch(/^Example: npx -y pnpm@10 demo /m);
});

test("Ctrl-C ends the import and leaves nothing behind", { timeout: slow }, async () => {
  const env = { TMPDIR: mkdtempSync(join(temporary, "stopped-")) };
  let sent = false;
  const onErr = (demo: { kill(signal: "SIGINT"): boolean }) => {
    if (!sent) sent = demo.kill("SIGINT");
  };
  const ended = await runDemo([], { env, onErr });
  expect(ended).toMatchObject({ code: 130, out: "", err: expect.stringMatching(/\nStopped\.\n$/) });
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});

test("A reader that stops reading is no error", { timeout: slow }, async () => {
  const env = { TMPDIR: mkdtempSync(join(temporary, "left-")) };
  const ended = await runDemo([], { env, leave: true });
  expect(ended).toMatchObject({ code: 0, err: expect.not.stringMatching(/EPIPE|Error|Stopped/) });
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});
