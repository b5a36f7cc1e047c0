// Fifty processes that add to one document at once: each of their edits lands within the ten seconds that a call has.
import { setTimeout as answerOfServer } from "node:timers/promises";
import { createStore } from "@everdraft/core";
import type { EventLog, Storage } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, onTestFinished, test } from "vitest";

/** A storage that answers as a server does: later, and many callers at a time. */
function farAway(beneath: Storage<string>): Storage<string> {
  const later = async <V>(answer: Promise<V>): Promise<V> => {
    await answerOfServer(2);
    return answer;
  };
  return {
    ...beneath,
    open: async (collection, call) => {
      const opened = await beneath.open(collection, call);
      const log: EventLog = {
        ...opened.log,
        commit: (...given) => later(opened.log.commit(...given)),
        head: (...given) => later(opened.log.head(...given)),
        read: (...given) => later(opened.log.read(...given)),
      };
      return { ...opened, log };
    },
  };
}

test.each([
  ["memory", memoryStorage()],
  ["a server", farAway(memoryStorage())],
])("of fifty stores on %s that add to one document at once all get their turn", async (_, storage) => {
  const stores = Array.from({ length: 50 }, () =>
    createStore<{ readonly by: readonly string[] }>({ collection: "things", storage }),
  );
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const [first] = stores as [(typeof stores)[0]];
  await first.create("d", "alice", { by: [] });
  await Promise.all(stores.map((store) => store.get("d")));
  const users = stores.map((_, i) => `user-${i}`);
  await Promise.all(
    stores.map((store, i) => store.edit("d", users[i] as string, (draft) => void draft.by.push(`user-${i}`))),
  );
  const found = await first.read("d");
  expect(found?.state.by.toSorted()).toEqual(users.toSorted());
  expect(found?.version).toBe(51);
});
