// Rows of the documents that somebody changed by SQL while a process has them in its cache: nothing of that is written over.
import { createStore, type Store } from "@everdraft/core";
import { encode, valueTypes } from "@everdraft/core/adapter";
import { expect, test } from "vitest";
import { newPath, rawAt, storageAt } from "./support/fixtures.ts";

interface Counter {
  readonly n: number;
  readonly note?: string;
}

const storeAt = (path: string): Store<Counter> =>
  createStore<Counter>({ collection: "orders", storage: storageAt(path) });
const add = (store: Store<Counter>) => store.edit("d", "me", (draft) => void draft.n++);

test.each([
  ["another state", `UPDATE orders SET state = ?`],
  ["a state that is none", `UPDATE orders SET state = substr(?, 1, 1)`],
  ["another user", `UPDATE orders SET "by" = 'mallory' WHERE ? IS NOT NULL`],
  ["another time", `UPDATE orders SET at = at + 1 WHERE ? IS NOT NULL`],
  ["another schema version", `UPDATE orders SET schema = 7 WHERE ? IS NOT NULL`],
  ["another digest", `UPDATE orders SET digest = 'other' WHERE ? IS NOT NULL`],
  ["a deletion", `DELETE FROM orders WHERE ? IS NOT NULL`],
])("%s stays, the event is stored, and nobody writes on before a repair", async (_, sql) => {
  const path = newPath();
  const [store, other] = [storeAt(path), storeAt(path)];
  await store.create("d", "me", { n: 1 });
  await other.read("d");
  const raw = rawAt(path);
  raw.prepare(sql).run(encode({ n: 1, note: "by hand" }, valueTypes([])));
  const rows = (): unknown => raw.prepare("SELECT * FROM orders").all();
  const left = rows();
  expect(await add(store)).toMatchObject({ version: 2, state: { n: 2 }, changed: true, view: "drift" });
  expect(rows()).toEqual(left);
  for (const one of [store, other, storeAt(path)])
    await expect(add(one)).rejects.toMatchObject({ code: "drift" });
  expect(rows()).toEqual(left);
  expect(await store.verify("d")).toMatchObject({ ok: false, version: 2 });
  expect(await store.repair("d")).toMatchObject({ version: 2, state: { n: 2 } });
  expect(await add(other)).toMatchObject({ version: 3, state: { n: 3 }, view: "current" });
  expect(await store.verify("d")).toMatchObject({ ok: true, version: 3 });
});
