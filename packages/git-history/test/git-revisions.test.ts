import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRepository, type FixtureRepository } from "./fixture-repository.ts";
import { at, readHistory, start } from "./read-history.ts";

vi.setConfig({ testTimeout: 60_000 });

const old = "alt.json";
const file = "daten/größe & maß 数.json";
const long = "something that is long enough for git to see that a file was renamed although it was changed";

let fixture: FixtureRepository;
beforeEach(() => {
  fixture = createRepository();
});
afterEach(() => fixture[Symbol.dispose]());

function put(path: string, value: unknown): void {
  fixture.write(path, typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

test("A history with a merge, a rename, a clock that was behind, damage, a deletion and a return is read exactly", async () => {
  put(old, { v: 1, long });
  const made = fixture.commit("Make it", { at: start });
  put("other.txt", "no JSON");
  fixture.commit("Something else", { at: start + 1 });
  fixture.git(["checkout", "--quiet", "-b", "side"]);
  put(old, { v: 2, long });
  fixture.commit("Side one", { at: start + 20 });
  put(old, { v: 3, long });
  fixture.commit("Side two", { at: start + 30 });
  fixture.git(["checkout", "--quiet", "main"]);
  put("other.txt", "still none");
  fixture.commit("Meanwhile", { at: start + 25 });
  fixture.git(["merge", "--quiet", "--no-ff", "-m", "Merge the side", "side"], {
    at: start + 40,
    author: "Bo",
  });
  const merged = fixture.git(["rev-parse", "HEAD"]);
  put(old, { v: 4, long });
  const early = fixture.commit("By a clock that is behind", {
    at: start + 10,
    author: "Jörg Müller Ångström",
  });
  fixture.git(["rm", "--quiet", old]);
  put(file, { v: 5, long });
  const renamed = fixture.commit("Rename and change it", { at: start + 50 });
  put(file, '{ "v": 6, ');
  const broken = fixture.commit("Break it", { at: start + 60 });
  put(file, [1, 2]);
  const array = fixture.commit("Make it a list", { at: start + 70 });
  fixture.git(["rm", "--quiet", file]);
  const deleted = fixture.commit("Delete it", { at: start + 80 });
  put(file, { v: 7, long });
  const returned = fixture.commit("Bring it back", { at: start + 90 });

  const { revisions, unreadable } = await readHistory(fixture.folder, file);
  expect(revisions).toEqual([
    {
      id: file,
      at: at(0),
      by: "Ann",
      state: { v: 1, long },
      reason: "Make it",
      meta: { commit: made, path: old },
    },
    {
      id: file,
      at: at(40),
      by: "Bo",
      state: { v: 3, long },
      reason: "Merge the side",
      meta: { commit: merged, path: old },
    },
    {
      id: file,
      at: at(40),
      by: "Jörg Müller Ångström",
      state: { v: 4, long },
      reason: "By a clock that is behind",
      meta: { commit: early, path: old, committedAt: at(10) },
    },
    {
      id: file,
      at: at(50),
      by: "Ann",
      state: { v: 5, long },
      reason: "Rename and change it",
      meta: { commit: renamed },
    },
    { id: file, at: at(80), by: "Ann", state: null, reason: "Delete it", meta: { commit: deleted } },
    {
      id: file,
      at: at(90),
      by: "Ann",
      state: { v: 7, long },
      reason: "Bring it back",
      meta: { commit: returned },
    },
  ]);
  expect(unreadable).toEqual([
    { id: file, commit: broken, why: expect.stringMatching(/^invalid JSON: ./) },
    { id: file, commit: array, why: "the root is an array, not an object" },
  ]);
});
