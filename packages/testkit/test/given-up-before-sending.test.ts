import { createStore } from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";

/** A storage that tells when events are read. */
function tellingOfReads(storage: Storage, onRead: () => void): Storage {
  return {
    ...storage,
    open: async (name, call) => {
      const collection = await storage.open(name, call);
      const read: typeof collection.log.read = (...args) => {
        onRead();
        return collection.log.read(...args);
      };
      return { ...collection, log: { ...collection.log, read } };
    },
  };
}

test("a write that was given up before its event was sent is not stored along with the one that it waited behind", async () => {
  const memory = memoryStorage();
  const whole = createStore<{ tokens: string[] }>({ collection: "logs", storage: memory });
  await whole.create("d", "test", { tokens: [] });
  const impatient = new AbortController();
  const storage = tellingOfReads(memory, () => impatient.abort("enough"));
  const store = createStore<{ tokens: string[] }>({ collection: "logs", storage });
  const first = store.edit("d", "a", (draft) => void draft.tokens.push("first"));
  // these two are planned together, behind the first; the revert reads the log, and meanwhile the edit is given up
  const reverted = store.revert("d", "c", { version: 1 });
  const { signal } = impatient;
  const givenUp = store.edit("d", "b", (draft) => void draft.tokens.push("given up"), { signal });
  await first;
  await expect(givenUp).rejects.toBe("enough");
  expect(await reverted).toMatchObject({ version: 3, state: { tokens: [] } });
  const events = await whole.history("d").toArray();
  expect(events.map(({ by }) => by)).toEqual(["test", "a", "c"]);
  await store.close();
});
