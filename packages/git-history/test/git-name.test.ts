import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gitSource } from "../src/git-source.ts";
import { createRepository, type FixtureRepository } from "./fixture-repository.ts";

vi.setConfig({ testTimeout: 60_000 });

let fixture: FixtureRepository;
beforeEach(() => {
  fixture = createRepository();
});
afterEach(() => fixture[Symbol.dispose]());

const nameOf = async (folder: string) => (await gitSource(folder, ["a.json"])).name;

test("The name of an import is that of the first commit, the same in every clone and at any time", async () => {
  fixture.write("a.json", "{}");
  const root = fixture.commit("one", { at: 1 });
  expect(await nameOf(fixture.folder)).toBe(`git:${root}`);
  using clone = createRepository();
  rmSync(`${clone.folder}/.git`, { recursive: true });
  fixture.git(["clone", "--quiet", fixture.folder, `${clone.folder}/elsewhere`]);
  fixture.write("in/a.json", '{"v":2}');
  fixture.commit("two", { at: 2 });
  expect(await nameOf(`${clone.folder}/elsewhere`)).toBe(`git:${root}`);
  expect(await nameOf(`${fixture.folder}/in`)).toBe(`git:${root}`);
});

test("A history with another root that is merged later does not change the name", async () => {
  fixture.write("a.json", "{}");
  const root = fixture.commit("one", { at: 1 });
  fixture.git(["checkout", "--quiet", "--orphan", "other"]);
  fixture.write("b.json", "{}");
  fixture.commit("another root", { at: 0 });
  fixture.git(["checkout", "--quiet", "main"]);
  fixture.git(["merge", "--quiet", "--allow-unrelated-histories", "--no-ff", "-m", "both", "other"], {
    at: 3,
  });
  expect(fixture.git(["rev-list", "--max-parents=0", "HEAD"]).split("\n")).toHaveLength(2);
  expect(await nameOf(fixture.folder)).toBe(`git:${root}`);
});
