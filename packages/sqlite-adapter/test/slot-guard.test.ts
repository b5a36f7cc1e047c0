import { createStore } from "@everdraft/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newPath, rawAt, storageAt } from "./support/fixtures.ts";

interface Note {
  text: string;
}
const retitle =
  (text: string) =>
  (draft: Note): void => {
    draft.text = text;
  };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Makes the log's table anew, without its unique indexes. */
function loseIndexes(file: string): ReturnType<typeof rawAt> {
  const raw = rawAt(file);
  raw.exec(
    `ALTER TABLE "notes.events" RENAME TO kept; CREATE TABLE "notes.events" AS SELECT * FROM kept; DROP TABLE kept`,
  );
  return raw;
}

test("a log without its unique index is not written to", async () => {
  const file = newPath();
  const first = createStore<Note>({ collection: "notes", storage: storageAt(file) });
  await first.create("n-1", "a", { text: "one" });
  loseIndexes(file);
  const second = createStore<Note>({ collection: "notes", storage: storageAt(file) });
  const refused = expect.objectContaining({
    code: "storage_corrupt",
    message: expect.stringContaining("unique index"),
  });
  await expect(second.edit("n-1", "a", retitle("two"))).rejects.toEqual(refused);
  expect(await second.read("n-1")).toMatchObject({ version: 1, state: { text: "one" } });
});

test("the loss of the index is noticed within 30 s of writing, writes stop, and verify names every doubled slot", async () => {
  const file = newPath();
  const store = createStore<Note>({ collection: "notes", storage: storageAt(file) });
  await store.create("n-1", "a", { text: "one" });
  for (const text of ["two", "three", "four"]) await store.edit("n-1", "a", retitle(text));
  const raw = loseIndexes(file);
  raw.exec(
    `INSERT INTO "notes.events" SELECT position + 100, doc, version, at, "by", key, record FROM "notes.events" WHERE version IN (2, 4)`,
  );
  vi.advanceTimersByTime(30_001);
  await expect(store.edit("n-1", "a", retitle("five"))).rejects.toMatchObject({ code: "storage_corrupt" });
  const { ok, findings } = await store.verify("n-1");
  expect(ok).toBe(false);
  expect(findings.map(({ kind, version }) => [kind, version])).toEqual([
    ["doubled", 2],
    ["doubled", 4],
  ]);
});
