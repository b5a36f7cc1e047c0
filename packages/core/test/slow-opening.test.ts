// Calls whose time is up while the storage is still being opened.
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Act } from "../src/acts/act.ts";
import { createOpening } from "../src/context/opening.ts";
import { createStore, StorageBusyError, type Store, TimeoutError } from "../src/index.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import type { Deadline } from "../src/port/deadline.ts";
import { verify } from "../src/upkeep/verify/verify-store.ts";
import { createDocumentQueues } from "../src/write/document-queues.ts";
import { createRounds } from "../src/write/round.ts";

const act: Act = { kind: "edit", readsLog: false, decide: () => undefined };
const request = {
  doc: "d",
  act,
  signature: { eventId: "e", user: "alice" },
  keyed: false,
  expectedVersion: undefined,
  retries: undefined,
  acceptFutureHead: false,
};
const never = () => new Promise<never>(() => undefined);

test("a write whose shared time is up before its own timer fires ends with its own TimeoutError", async () => {
  const tries = { count: 0 };
  const resources = {
    clock: { refresh: async () => void tries.count++ },
    cache: { get: () => undefined },
    opened: createOpening(never),
  };
  const runRound = createRounds({ resources } as unknown as Parameters<typeof createRounds>[0]);
  const queues = createDocumentQueues(runRound, (work) => work());
  // the time is up already, and its timer late
  let fire: (error: unknown) => void = () => undefined;
  const deadline: Deadline = {
    call: () => ({ timeoutMs: 1 }),
    remaining: () => 0,
    ofStep: () => deadline,
    onEnd: (callback) => {
      fire = callback;
      return () => undefined;
    },
  };
  const written = queues.write({ ...request, deadline } as Parameters<typeof queues.write>[0]);
  const error = new TimeoutError({ id: "d", timeoutMs: 20 });
  const ended = expect(written).rejects.toMatchObject({
    code: "timeout",
    details: { id: "d", timeoutMs: 20, stored: "nothing" },
  });
  // by then the first round has met its end, and another one begun
  await expect.poll(() => tries.count, { interval: 1 }).toBeGreaterThan(1);
  fire(error);
  await ended;
  await queues.drained();
});

const soon = { timeoutMs: 20 };
const longWork: Readonly<Record<string, (store: Store<object>) => Promise<unknown>>> = {
  find: (store) => store.find({}, soon).toArray(),
  history: (store) => store.history("d", soon).toArray(),
  changes: (store) => store.changes(soon).toArray(),
  verify: (store) => store.verify("d", soon),
  sweep: (store) => store.sweep(soon),
  "verify of all": (store) => verify(store, soon),
};

describe.each([
  ["does not answer", never],
  [
    "finds the file locked again and again",
    async () => {
      await nextTurn();
      throw new StorageBusyError({ operation: "open", reason: "it is locked", remedy: "Try again." });
    },
  ],
])("where the opening %s", (_, open) => {
  test.each(Object.entries(longWork))(
    "%s, of which each call has the whole time, ends when the time of one is up",
    async (_name, use) => {
      const store = createStore<object>({ collection: "c", storage: { ...memoryStorage(), open } });
      const error: unknown = await use(store).catch((thrown: unknown) => thrown);
      expect(["timeout", "storage_busy"]).toContain((error as TimeoutError).code);
    },
  );
});
