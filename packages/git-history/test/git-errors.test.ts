import { realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gitSource } from "../src/git-source.ts";
import { createRepository, type FixtureRepository } from "./fixture-repository.ts";

vi.setConfig({ testTimeout: 60_000 });

let fixture: FixtureRepository;
beforeEach(() => {
  fixture = createRepository();
});
afterEach(() => {
  vi.unstubAllEnvs();
  fixture[Symbol.dispose]();
});

async function sentence(folder: string, ...files: string[]): Promise<string> {
  try {
    const source = await gitSource(folder, files);
    for await (const _ of source.revisions());
  } catch (error) {
    expect((error as Error).name).toBe("GitError");
    return (error as Error).message.replaceAll(fixture.folder, "REPO");
  }
  throw new Error("no error");
}

function commit(path: string, content: string, at = 1): void {
  fixture.write(path, content);
  fixture.commit(`change ${path}`, { at });
}

test("A folder that does not exist, a file, and a folder without git are each told", async () => {
  fixture.write("file", "");
  vi.stubEnv("GIT_CEILING_DIRECTORIES", realpathSync(tmpdir()));
  expect(await sentence(`${fixture.folder}/none`, "a.json")).toBe("REPO/none does not exist.");
  expect(await sentence(`${fixture.folder}/file`, "a.json")).toBe(
    "REPO/file is not a folder; the first argument is a git repository.",
  );
  using other = createRepository();
  rmSync(`${other.folder}/.git`, { recursive: true });
  expect(await sentence(other.folder, "a.json")).toBe(`${other.folder} is not a git repository.`);
});

test("A repository without commits is told", async () => {
  expect(await sentence(fixture.folder, "a.json")).toBe("REPO has no commits yet.");
});

test("A shallow clone is told, with the command that completes it", async () => {
  commit("a.json", "{}", 1);
  commit("a.json", '{"v":1}', 2);
  using clone = createRepository();
  rmSync(`${clone.folder}/.git`, { recursive: true });
  fixture.git(["clone", "--quiet", "--depth=1", `file://${fixture.folder}`, `${clone.folder}/shallow one`]);
  expect(await sentence(`${clone.folder}/shallow one`, "a.json")).toBe(
    `${clone.folder}/shallow one is a shallow clone, so most of its history is missing; fetch it with: ` +
      `git -C '${clone.folder}/shallow one' fetch --unshallow`,
  );
});

test("A file that never existed, one of another branch, a folder, and a path outside are each told", async () => {
  commit("in/a.json", "{}");
  fixture.git(["checkout", "--quiet", "-b", "side"]);
  commit("side.json", "{}");
  const hash = fixture.git(["rev-parse", "--short", "HEAD"]);
  fixture.git(["checkout", "--quiet", "main"]);
  expect(await sentence(fixture.folder, "a.json")).toBe(
    "a.json never existed in REPO; name it by its path in the repository.",
  );
  expect(await sentence(fixture.folder, "side.json")).toBe(
    `side.json exists in REPO only outside of the line of first parents of HEAD (for example in ${hash}).`,
  );
  expect(await sentence(fixture.folder, "in")).toBe("in is a folder; name a JSON or YAML file in it.");
  expect(await sentence(fixture.folder, ".")).toBe(". is a folder; name a JSON or YAML file in it.");
  expect(await sentence(fixture.folder, "../a.json")).toBe(
    "../a.json is outside of REPO; files are named by their path in the repository.",
  );
});

test("A file that is JSON in no revision is told with the newest as an example", async () => {
  commit("a.txt", "one", 1);
  expect(await sentence(fixture.folder, "a.txt")).toMatch(
    /^a\.txt is not a JSON object in its only revision \(the newest, [0-9a-f]{10}: invalid JSON: .+\)\.$/,
  );
  commit("a.txt", "[]", 2);
  expect(await sentence(fixture.folder, "a.txt")).toMatch(
    /^a\.txt is not a JSON object in any of its 2 revisions \(the newest, [0-9a-f]{10}: the root is an array, not an object\)\.$/,
  );
});

test("A file that is JSON in no revision is told, and the other files are read", async () => {
  commit("a.json", '{"v":1}', 1);
  commit("b.txt", "one", 2);
  commit("c.json", '{"v":3}', 3);
  const source = await gitSource(fixture.folder, ["a.json", "b.txt", "./a.json", "c.json"]);
  const read = [];
  for await (const { id, state } of source.revisions()) read.push([id, state]);
  expect(read).toEqual([
    ["a.json", { v: 1 }],
    ["c.json", { v: 3 }],
  ]);
  expect(source).toMatchObject({ ids: ["a.json", "b.txt", "c.json"], total: 3 });
  expect(source.notObjects).toEqual([
    expect.stringMatching(/^b\.txt is not a JSON object in its only revision \(the newest, /),
  ]);
});

test("Whether a state can be stored is the store's to say: it is given as the file has it", async () => {
  commit("a.json", '{"__proto__":{"x":1},"$schema":"y","_id":2,"\\ud83d":"\\u0000"}');
  const source = await gitSource(fixture.folder, ["a.json"]);
  const states = [];
  for await (const { state } of source.revisions()) states.push(state);
  expect(states).toEqual([JSON.parse('{"__proto__":{"x":1},"$schema":"y","_id":2,"\\ud83d":"\\u0000"}')]);
  expect(Object.keys(states[0] ?? {})).toContain("__proto__");
  expect(source.unreadable).toEqual([]);
});

test("A YAML file with keys given twice is read, and its revisions are counted", async () => {
  commit("a.yaml", "a: 1\n", 1);
  commit("a.yaml", "a: 1\na: 2\n", 2);
  commit("a.yaml", "a: 1\na: 2\na: 3\nb: { c: 1, c: 2 }\n", 3);
  const source = await gitSource(fixture.folder, ["a.yaml"]);
  const states = [];
  for await (const { state } of source.revisions()) states.push(state);
  expect(states).toEqual([{ a: 1 }, { a: 2 }, { a: 3, b: { c: 2 } }]);
  expect(source.repeatedKeys).toEqual(new Map([["a.yaml", 2]]));
});

test("A machine without git is told", async () => {
  vi.stubEnv("PATH", "/nowhere");
  expect(await sentence(fixture.folder, "a.json")).toBe(
    "git is not installed, or not on the PATH; install it from https://git-scm.com.",
  );
});

test("None of git's own variables, as a hook has them, leads to another repository", async () => {
  commit("a.json", "{}");
  using other = createRepository();
  vi.stubEnv("GIT_DIR", `${other.folder}/.git`);
  vi.stubEnv("GIT_WORK_TREE", other.folder);
  expect((await gitSource(fixture.folder, ["a.json"])).total).toBe(1);
  vi.unstubAllEnvs();
  // settings given to one git are no place
  const settings = ["GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"];
  const own = fixture.git(["rev-parse", "--local-env-vars"]).split("\n");
  expect(own).toEqual(expect.arrayContaining(["GIT_OBJECT_DIRECTORY", ...settings]));
  const more = ["GIT_QUARANTINE_PATH", "GIT_NAMESPACE", "GIT_LITERAL_PATHSPECS", "GIT_ICASE_PATHSPECS"];
  for (const name of [...own, ...more].filter((each) => !settings.includes(each)))
    vi.stubEnv(name, `${other.folder}/none`);
  expect((await gitSource(fixture.folder, ["a.json"])).total).toBe(1);
});

test("A repository of another user is told with the setting that trusts it, and the environment may give that", async () => {
  commit("a.json", "{}");
  vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
  vi.stubEnv("HOME", "/nonexistent");
  expect(await sentence(fixture.folder, "a.json")).toBe(
    "REPO belongs to another user, so git does not read it; where you trust it: git config --global --add safe.directory REPO",
  );
  vi.stubEnv("GIT_CONFIG_COUNT", "1");
  vi.stubEnv("GIT_CONFIG_KEY_0", "safe.directory");
  vi.stubEnv("GIT_CONFIG_VALUE_0", "*");
  expect((await gitSource(fixture.folder, ["a.json"])).total).toBe(1);
});
