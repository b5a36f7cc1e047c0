// An import whose storage leaves open whether events are stored, until the time for them is up.
import { type EventLog, type Outcome, type Storage, StorageError } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createStore } from "../src/index.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** A storage on which each commit takes longer than an import waits. */
function slow(answer: () => Outcome): Storage<string> {
  const beneath = memoryStorage();
  const commit: EventLog["commit"] = async (appends) => {
    vi.advanceTimersByTime(61_000);
    return appends.map(answer);
  };
  return {
    ...beneath,
    open: async (collection, call) => {
      const opened = await beneath.open(collection, call);
      return { ...opened, log: { ...opened.log, commit } };
    },
  };
}

async function errorOf(answer: () => Outcome): Promise<unknown> {
  const store = createStore<{ n: number }>({ collection: "things", storage: slow(answer) });
  onTestFinished(() => store.close());
  const revision = { id: "a", at: new Date(1), by: "alice", state: { n: 1 } };
  return store.import([revision]).catch((error: unknown) => error);
}

test("tells why it is open, and of which document", async () => {
  const cause = new StorageError({
    operation: "store",
    reason: "the disk failed to write",
    remedy: "Look at the system's log.",
  });
  const error = await errorOf(() => ({ event: "unknown", cause }));
  expect(error).toMatchObject({ code: "storage", cause });
  expect((error as Error).message).toMatch(
    /^Could not store revisions of document "a": it was in doubt .*: Could not store: the disk failed to write\. Look at .* Run the import again/,
  );
});
