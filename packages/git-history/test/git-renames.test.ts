import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRepository, type FixtureRepository } from "./fixture-repository.ts";
import { readHistory, start, states } from "./read-history.ts";

vi.setConfig({ testTimeout: 60_000 });

const long = "something that is long enough for git to see that a file was renamed although it was changed";

let fixture: FixtureRepository;
beforeEach(() => {
  fixture = createRepository();
});
afterEach(() => fixture[Symbol.dispose]());

function put(path: string, value: unknown): void {
  fixture.write(path, typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

test("A file that was copied from another one does not get the history of the other", async () => {
  put("a.json", { v: 1, long });
  fixture.commit("a", { at: start });
  put("b.json", { v: 1, long });
  fixture.commit("b, like a", { at: start + 1 });
  put("b.json", { v: 2, long });
  fixture.commit("b again", { at: start + 2 });
  const { revisions } = await readHistory(fixture.folder, "b.json");
  expect(revisions.map(({ reason }) => reason)).toEqual(["b, like a", "b again"]);
});

test("A deleted file that comes back resembling another one keeps its own earlier life", async () => {
  put("a.json", { v: 1, long });
  put("b.json", { b: true });
  fixture.commit("both", { at: start });
  fixture.git(["rm", "--quiet", "b.json"]);
  fixture.commit("no b", { at: start + 1 });
  put("b.json", { v: 1, long });
  fixture.commit("b, like a", { at: start + 2 });
  expect(states((await readHistory(fixture.folder, "b.json")).revisions)).toEqual([
    { b: true },
    null,
    { v: 1, long },
  ]);
});

test("A file that takes the name of one that is gone brings its own history along", async () => {
  put("a.json", { a: 1, long });
  put("b.json", { b: 1 });
  fixture.commit("both", { at: start });
  fixture.git(["rm", "--quiet", "b.json"]);
  fixture.commit("no b", { at: start + 1 });
  fixture.git(["mv", "a.json", "b.json"]);
  fixture.commit("a is b", { at: start + 2 });
  put("b.json", { a: 2, long });
  fixture.commit("changed", { at: start + 3 });
  expect(states((await readHistory(fixture.folder, "b.json")).revisions)).toEqual([
    { a: 1, long },
    { a: 1, long },
    { a: 2, long },
  ]);
  // under the old name it ends with the rename
  expect(states((await readHistory(fixture.folder, "a.json")).revisions)).toEqual([{ a: 1, long }, null]);
});

test("Two renames of one file, the second into a folder, are both followed", async () => {
  put("a.json", { v: 1, long });
  fixture.commit("one", { at: start });
  fixture.git(["mv", "a.json", "b.json"]);
  fixture.commit("two", { at: start + 1 });
  put("b.json", { v: 2, long });
  fixture.commit("three", { at: start + 2 });
  put("c/.keep", "");
  fixture.git(["mv", "b.json", "c/c.json"]);
  fixture.commit("four", { at: start + 3 });
  const { revisions } = await readHistory(fixture.folder, "c/c.json");
  expect(revisions.map(({ reason, meta }) => [reason, meta.path])).toEqual([
    ...[
      ["one", "a.json"],
      ["two", "b.json"],
      ["three", "b.json"],
    ],
    ["four", undefined],
  ]);
});
