import { createStore } from "@everdraft/core";
import { expect, test } from "vitest";
import { newPath, storageAt } from "./support/fixtures.ts";

test("of fifty storages on one file that add to one document at once all get their turn within a call's time", {
  timeout: 60_000,
}, async () => {
  const path = newPath();
  const stores = Array.from({ length: 50 }, () =>
    createStore<{ readonly by: readonly string[] }>({ collection: "things", storage: storageAt(path) }),
  );
  const [first] = stores as [(typeof stores)[0]];
  await first.create("d", "alice", { by: [] });
  await Promise.all(stores.map((store) => store.get("d")));
  const users = stores.map((_, i) => `user-${i}`);
  await Promise.all(
    stores.map((store, i) => store.edit("d", users[i] as string, (draft) => void draft.by.push(`user-${i}`))),
  );
  expect((await first.read("d"))?.state.by.toSorted()).toEqual(users.toSorted());
  expect(await first.verify("d")).toMatchObject({ ok: true, version: 51 });
});
