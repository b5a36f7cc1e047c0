import { createStore } from "@everdraft/core";
import { expect, test } from "vitest";
import { newPath, rawAt, storageAt } from "./support/fixtures.ts";

interface Note {
  text: string;
}

test("the library only ever inserts into the log: with changes and removals forbidden there, everything works", {
  timeout: 60_000,
}, async () => {
  const file = newPath();
  const store = createStore<Note>({ collection: "notes", storage: storageAt(file) });
  await store.ready();
  const raw = rawAt(file);
  for (const operation of ["UPDATE", "DELETE"]) {
    raw.exec(`CREATE TRIGGER no_${operation} BEFORE ${operation} ON "notes.events"
      BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END`);
  }
  expect(() => raw.exec(`UPDATE "notes.events" SET version = 2`)).not.toThrow();
  await store.create("n-1", "a", { text: "one" });
  expect(() => raw.exec(`UPDATE "notes.events" SET version = 2`)).toThrow("only added to");

  for (let n = 0; n < 300; n++) {
    await store.edit("n-1", "a", (draft) => {
      draft.text = `${n} ${"x".repeat(200)}`;
    });
  }
  await store.replace("n-1", "b", { text: "two" }, { key: "k" });
  await store.replace("n-1", "b", { text: "two" }, { key: "k" });
  await store.revert("n-1", "b", { version: 2 });
  await store.delete("n-1", "b");
  await store.restore("n-1", "b");
  await store.import([{ id: "n-2", at: new Date(1), by: "c", state: { text: "old" } }]);
  await store.sweep();
  await store.repair("n-1");
  expect(await store.verify("n-1")).toMatchObject({ ok: true, version: 305 });
  expect(raw.prepare(`SELECT count(*) AS n FROM "notes.events"`).get()).toMatchObject({ n: 306 });
  expect(raw.prepare(`SELECT count(*) AS n FROM "notes.snapshots"`).get()).not.toMatchObject({ n: 0 });
});
