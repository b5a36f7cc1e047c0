import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRepository } from "../../git-history/test/fixture-repository.ts";
import { newFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const timeout = 120_000;

test("JSON and YAML files of a git repository come with their authors, dates and subjects", {
  timeout,
}, async () => {
  using repository = createRepository();
  repository.write("settings.json", '{ "ports": [80] }');
  repository.write("prices.yaml", "A: 1.5\nB: 2\n");
  const root = repository.commit("Begin", { at: 1_600_000_000, author: "Ann" });
  repository.write("settings.json", "{ broken");
  repository.write("prices.yaml", "A: 1.5\nB: 2.5\n");
  repository.commit("Raise B", { at: 1_600_000_100, author: "Bo" });
  const cwd = newFolder();
  const args = ["import", ...orders, "--git", repository.folder, "settings.json", "prices.yaml"];
  const dry = await run([...args, "--dry-run", "-q"], { cwd });
  expect(dry.out.replaceAll(repository.folder, "REPO")).toBe(
    "Import the history of settings.json, prices.yaml of REPO\n  where: orders in sqlite:orders.db\n" +
      `  4 revisions of 2 documents\n  name of the import: git:${root}\n`,
  );
  const done = await run([...args, "--yes"], { cwd });
  // a commit that holds no JSON has nothing that could be stored
  expect(done).toMatchObject({
    code: 0,
    out: "Imported 3 events of 2 documents into orders, from 3 revisions.\n1 revision held nothing to store.\n",
  });
  expect(done.err).toMatch(/Left out: [0-9a-f]{10} settings\.json: invalid JSON: /);
  const { out } = await run(["history", "prices.yaml", "-p", ...orders], { cwd });
  expect(out).toBe(
    "v2  2020-09-13 12:28:20  Bo  imported  Raise B\n    ~ B: 2 → 2.5\n" +
      'v1  2020-09-13 12:26:40  Ann  imported  Begin\n    + the document: {"A":1.5,"B":2}\n',
  );
});

test("Another clone of a repository goes on with an import, and nothing stored tells of a folder", {
  timeout,
}, async () => {
  using repository = createRepository();
  repository.write("a.json", '{"v":1}');
  repository.commit("one", { at: 1 });
  const cwd = newFolder();
  const take = (folder: string) =>
    run(["import", ...orders, "--git", folder, "a.json", "--yes", "-q", "--json"], { cwd });
  expect(JSON.parse((await take(repository.folder)).out)).toMatchObject({ events: 1, skipped: 0 });
  repository.write("a.json", '{"v":2}');
  repository.commit("two", { at: 2 });
  execFileSync("git", ["clone", "--quiet", repository.folder, `${cwd}/clone`]);
  const again = await take(`${cwd}/clone`);
  expect(again).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(again.out)).toMatchObject({ events: 1, skipped: 1, conflicts: [] });
  const history = await run(["history", "a.json", "--json", "-q", ...orders], { cwd });
  expect(history.out).not.toMatch(/\/tmp|everdraft-/);
});

test("A shallow clone is refused with the command that completes it", { timeout }, async () => {
  using repository = createRepository();
  for (const v of [1, 2]) {
    repository.write("a.json", `{"v":${v}}`);
    repository.commit(`${v}`, { at: v });
  }
  const cwd = newFolder();
  execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${repository.folder}`, `${cwd}/clone`]);
  const ended = await run(["import", ...orders, "--git", "clone", "a.json", "--yes"], { cwd });
  expect(ended).toEqual({
    code: 1,
    out: "",
    err: "clone is a shallow clone, so most of its history is missing; fetch it with: git -C clone fetch --unshallow\n",
  });
});

test("Keys given twice in a YAML file are told, and are no failure", { timeout }, async () => {
  using repository = createRepository();
  repository.write("a.yaml", "a: 1\na: 2\n");
  repository.commit("one", { at: 1 });
  repository.write("a.yaml", "a: 1\na: 3\n");
  repository.commit("two", { at: 2 });
  const cwd = newFolder();
  const args = ["import", ...orders, "--git", repository.folder, "a.yaml", "--yes"];
  const forPrograms = await run([...args, "--json", "-q"], { cwd });
  expect(JSON.parse(forPrograms.out)).toMatchObject({ events: 2, repeatedKeys: { "a.yaml": 2 } });
  const ended = await run(args, { cwd });
  expect(ended.code).toBe(0);
  expect(ended.err).toContain(
    "2 revisions of a.yaml have a key twice in one mapping; the last one counts.\n",
  );
});

test("A file without any object, and a revision that would lose digits, are named and are exit code 1", {
  timeout,
}, async () => {
  using repository = createRepository();
  repository.write("notes.txt", "none");
  repository.write("a.json", '{"v":1}');
  repository.commit("one", { at: 1 });
  repository.write("a.json", '{"v":1e400}');
  const lossy = repository.commit("two", { at: 2 });
  repository.write("a.json", '{"v":3}');
  repository.commit("three", { at: 3 });
  const cwd = newFolder();
  const args = ["import", ...orders, "--git", repository.folder, "--yes"];
  const ended = await run([...args, "notes.txt", "a.json", "-q"], { cwd });
  expect(ended).toMatchObject({
    code: 1,
    out: "Imported 2 events of 1 document into orders, from 2 revisions.\n1 revision could not be stored.\n1 revision held nothing to store.\n",
  });
  expect(ended.err).toMatch(/^notes\.txt is not a JSON object in its only revision \(.*\)\.$/m);
  expect(ended.err).toContain(
    `Left out: ${lossy.slice(0, 10)} a.json: it has a number that is too large or too small for a number to hold (column 6)\n`,
  );
  const none = await run([...args, "notes.txt", "-q"], { cwd });
  expect(none).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/^notes\.txt is not a JSON object /),
  });
  expect(none.err).not.toContain("Stopped");
});

test("Revisions that cannot be stored are named with file, commit and reason, and everything else is imported", {
  timeout,
}, async () => {
  using repository = createRepository();
  const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const contents = [
    ...['{"v":0}', '{"__proto__":{"x":1}}', '{"v":1}', '{"a":"\\ud83d"}', '{"a\\u0000b":1}', deep(95)],
    ...[deep(20_000), '{"_everdraft":1}', '{"_id":2}', '{"v":2}'],
  ];
  const commits = contents.map((content, i) => {
    repository.write("settings.json", content);
    return repository.commit(`${i}`, { at: i });
  });
  repository.write("list.yaml", "names: !!set { a, b }\n");
  commits.push(repository.commit("set", { at: 50 }));
  repository.write("list.yaml", "names: [a, b]\n");
  repository.write("other.json", '{"v":3}');
  repository.commit("last", { at: 60 });
  const cwd = newFolder();
  const args = ["import", ...orders, "--git", repository.folder, "settings.json", "list.yaml", "other.json"];
  const ended = await run([...args, "--yes", "-q"], { cwd });
  expect(ended).toMatchObject({
    code: 1,
    out: "Imported 5 events of 3 documents into orders, from 13 revisions.\n8 revisions could not be stored.\n",
  });
  const reasons: [number, string, RegExp][] = [
    ...([1, 3, 4, 5, 6, 7, 8] as const).map((i): [number, string, RegExp] => [i, "settings.json", /: .+/]),
    [10, "list.yaml", /: .*names/],
  ];
  const named = ended.err.trimEnd().split("\n");
  expect(named).toHaveLength(8);
  for (const [i, [commit, file, why]] of reasons.entries()) {
    expect(named[i]).toMatch(new RegExp(`^Left out: ${commits[commit]?.slice(0, 10)} ${file}${why.source}`));
    expect(named[i]).not.toMatch(/Revision \d/);
  }
  // a second run names the same ones, and imports the commits since then
  repository.write("settings.json", '{"v":4}');
  repository.commit("more", { at: 70 });
  const again = await run([...args, "--yes", "-q", "--json"], { cwd });
  expect(again.code).toBe(1);
  const result = JSON.parse(again.out);
  expect(result).toMatchObject({ events: 1, skipped: 5, refused: 8, conflicts: [] });
  expect(result.leftOut.map(({ what }: { what: string }) => what)).toEqual(
    reasons.map(([commit, file]) => `${commits[commit]?.slice(0, 10)} ${file}`),
  );
  const shown = await run(["show", "settings.json", "-q", "--json", ...orders], { cwd });
  expect(JSON.parse(shown.out)).toMatchObject({ version: 4, state: { v: 4 } });
});

test("An import beside git's own variables, as in a receiving hook, reads the repository that is named", {
  timeout,
}, async () => {
  using repository = createRepository();
  repository.write("a.json", '{"v":1}');
  repository.commit("one", { at: 1 });
  const cwd = newFolder();
  const env = { GIT_OBJECT_DIRECTORY: "/elsewhere/objects", GIT_QUARANTINE_PATH: "/elsewhere/objects" };
  const ended = await run(["import", ...orders, "--git", repository.folder, "a.json", "--yes", "-q"], {
    cwd,
    env,
  });
  expect(ended).toMatchObject({ code: 0, err: "" });
});

test("This repository's own biome.json, which begins with $schema, comes as it is", { timeout }, async () => {
  const text = readFileSync(new URL("../../../biome.json", import.meta.url), "utf8");
  using repository = createRepository();
  repository.write("biome.json", text);
  repository.commit("Begin", { at: 1 });
  const cwd = newFolder();
  const args = ["import", ...orders, "--git", repository.folder, "biome.json", "--yes", "-q"];
  expect(await run(args, { cwd })).toMatchObject({ code: 0, err: "" });
  const { out } = await run(["show", "biome.json", "-q", "--json", ...orders], { cwd });
  expect(JSON.parse(out).state).toEqual(JSON.parse(text));
  expect(Object.keys(JSON.parse(text))).toContain("$schema");
});
