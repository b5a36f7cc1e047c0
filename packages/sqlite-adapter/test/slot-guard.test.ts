import { createStore } from "@everdraft/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventOf, newPath, rawAt, storageAt } from "./support/fixtures.ts";

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

test("a log without its unique index over keys is not written to, and verify names the id that two events have", async () => {
  const file = newPath();
  const storage = storageAt(file);
  const store = createStore<Note>({ collection: "notes", storage, cache: { maxBytes: 0 } });
  await store.create("n-1", "a", { text: "one" });
  await store.edit("n-1", "a", retitle("two"), { key: "k" });
  rawAt(file).exec('DROP INDEX "notes.events.keys"');
  const { log } = await storage.open("notes", { timeoutMs: 1_000 });
  const second = await log.head("n-1", 0, { timeoutMs: 1_000 });
  // the guard is trusted for a while, and nothing else refuses the same id in another slot
  const doubled = eventOf({
    doc: "n-1",
    version: 3,
    id: second?.id ?? "",
    previous: second?.hash ?? "",
    at: second?.at ?? 0,
    patches: [],
  });
  expect(await log.commit([{ event: doubled }], "independent", { timeoutMs: 1_000 })).toEqual([
    { event: "stored" },
  ]);
  const { findings } = await store.verify("n-1");
  expect(findings.map(({ kind, version }) => [kind, version])).toEqual([["doubled", 3]]);
  expect(findings[0]?.message).toContain(`has the id of an earlier one, ${second?.id}`);
  vi.advanceTimersByTime(30_001);
  await expect(store.edit("n-1", "a", retitle("four"))).rejects.toMatchObject({
    code: "storage_corrupt",
    message: expect.stringContaining("unique index over (doc, key)"),
  });
});

test.each([
  ['WHERE "key" IS NOT NULL', "is"],
  ["", "is"],
  ["WHERE key > 'm'", "is not"],
])("an index over keys that somebody made anew (%s) %s taken for the guard", async (where, verdict) => {
  const file = newPath();
  const store = createStore<Note>({ collection: "notes", storage: storageAt(file) });
  await store.create("n-1", "a", { text: "one" });
  const raw = rawAt(file);
  raw.exec(`DROP INDEX "notes.events.keys"; CREATE UNIQUE INDEX mine ON "notes.events" (doc, key) ${where}`);
  vi.advanceTimersByTime(30_001);
  const edited = store.edit("n-1", "a", retitle("two"));
  if (verdict === "is") expect(await edited).toMatchObject({ version: 2 });
  else await expect(edited).rejects.toMatchObject({ code: "storage_corrupt" });
});
