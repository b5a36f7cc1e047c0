import { symlinkSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fileCommits } from "../src/git-log.ts";
import { openRepository } from "../src/git-repository.ts";
import { gitRevisions } from "../src/git-revisions.ts";
import { createRepository, type FixtureRepository } from "./fixture-repository.ts";
import { at, readHistory, start, states } from "./read-history.ts";

vi.setConfig({ testTimeout: 60_000 });

let fixture: FixtureRepository;
beforeEach(() => {
  fixture = createRepository();
});
afterEach(() => fixture[Symbol.dispose]());

function put(path: string, value: unknown): void {
  fixture.write(path, typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

test("A commit without an author's name is by the e-mail address, one without a subject has no reason", async () => {
  put("a.json", { v: 1 });
  const parent = fixture.commit("one", { at: start });
  put("a.json", { v: 2 });
  fixture.git(["add", "--all"]);
  const who = ` <kim@example.org> ${start + 1} +0000`;
  const text = `tree ${fixture.git(["write-tree"])}\nparent ${parent}\nauthor${who}\ncommitter${who}\n\n`;
  const commit = fixture.git(["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], {
    input: text,
  });
  fixture.git(["update-ref", "HEAD", commit]);
  const { revisions } = await readHistory(fixture.folder, "a.json");
  expect(revisions[1]).toEqual({
    id: "a.json",
    at: at(1),
    by: "kim@example.org",
    state: { v: 2 },
    meta: { commit },
  });
});

test("A commit from the future is dated to the present", async () => {
  put("a.json", { v: 1 });
  const before = Date.now();
  fixture.commit("one", { at: 4_000_000_000 });
  const { revisions } = await readHistory(fixture.folder, "a.json");
  expect(revisions[0]?.at.getTime()).toBeGreaterThanOrEqual(before);
  expect(revisions[0]?.at.getTime()).toBeLessThanOrEqual(Date.now());
  expect(revisions[0]?.meta.committedAt).toEqual(new Date(4_000_000_000_000));
});

test("What is no file of UTF-8 text is unreadable, and a byte order mark is not", async () => {
  put("a.json", '\ufeff{"v":1}');
  fixture.commit("one", { at: start });
  fixture.write("a.json", Uint8Array.from([0x7b, 0xff, 0x7d]));
  fixture.commit("two", { at: start + 1 });
  put("a.json", "null");
  fixture.commit("three", { at: start + 2 });
  fixture.git(["rm", "--quiet", "a.json"]);
  symlinkSync("target.json", `${fixture.folder}/a.json`);
  fixture.commit("four", { at: start + 3 });
  const { revisions, unreadable } = await readHistory(fixture.folder, "a.json");
  expect(states(revisions)).toEqual([{ v: 1 }]);
  expect(unreadable.map(({ why }) => why)).toEqual([
    ...["not UTF-8", "the root is null, not an object", "a symbolic link, not a file"],
  ]);
});

test("A deletion before anything readable is no revision", async () => {
  put("a.json", "[]");
  fixture.commit("one", { at: start });
  fixture.git(["rm", "--quiet", "a.json"]);
  fixture.commit("two", { at: start + 1 });
  put("a.json", { v: 1 });
  fixture.commit("three", { at: start + 2 });
  expect(states((await readHistory(fixture.folder, "a.json")).revisions)).toEqual([{ v: 1 }]);
});

test("Settings that change what git prints, and a file named from a folder inside, change nothing", async () => {
  // with log.follow git would take the one for a copy of the other
  put("other.json", { v: 1 });
  fixture.commit("zero", { at: start - 1 });
  put("in/a.json", { v: 1 });
  fixture.commit("one", { at: start });
  fixture.git(["checkout", "--quiet", "-b", "side"]);
  put("in/a.json", { v: 2 });
  fixture.commit("two", { at: start + 1 });
  fixture.git(["checkout", "--quiet", "main"]);
  fixture.git(["merge", "--quiet", "--no-ff", "-m", "merge", "side"], { at: start + 2 });
  const plainly = await readHistory(fixture.folder, "in/a.json");
  const settings = {
    "log.follow": "true",
    "log.showRoot": "false",
    "log.diffMerges": "off",
  };
  const more = { "color.ui": "always", "core.abbrev": "4", "log.date": "human", "diff.renames": "copies" };
  for (const [key, value] of Object.entries({ ...settings, ...more })) fixture.git(["config", key, value]);
  expect(await readHistory(fixture.folder, "in/a.json")).toEqual(plainly);
  expect(await readHistory(`${fixture.folder}/in`, "a.json")).toEqual(plainly);
  expect(plainly.revisions).toHaveLength(2);
});

test("A name that looks like an option or a pattern is only a name", async () => {
  for (const name of ["-p.json", "*.json", ":(top)x.json"]) put(name, { name });
  fixture.commit("all", { at: start });
  for (const name of ["-p.json", "*.json", ":(top)x.json"]) {
    expect(states((await readHistory(fixture.folder, name)).revisions)).toEqual([{ name }]);
  }
});

test("Contents bigger than a pipe's buffer arrive whole", async () => {
  const text = "ä".repeat(300_000);
  for (let v = 0; v < 3; v++) {
    put("a.json", { v, text });
    fixture.commit(`${v}`, { at: start + v });
  }
  expect(states((await readHistory(fixture.folder, "a.json")).revisions)).toEqual(
    [0, 1, 2].map((v) => ({ v, text })),
  );
});

test("A reader that leaves early or is aborted ends git", async () => {
  for (let v = 0; v < 20; v++) {
    put("a.json", { v, text: "x".repeat(100_000) });
    fixture.commit(`${v}`, { at: start + v });
  }
  const repository = await openRepository(fixture.folder);
  const commits = await fileCommits(repository, "a.json");
  for await (const { state } of gitRevisions({ repository, id: "a.json", commits })) {
    expect(state).toMatchObject({ v: 0 });
    break;
  }
  const stop = new AbortController();
  const reading = async () => {
    for await (const _ of gitRevisions({ repository, id: "a.json", commits, signal: stop.signal })) {
      stop.abort(new Error("enough"));
    }
  };
  await expect(reading()).rejects.toThrow("enough");
});
