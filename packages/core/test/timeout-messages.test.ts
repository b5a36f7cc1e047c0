// Times in messages are whole milliseconds, whatever fraction of one a caller gives or the clock leaves.
import { expect, test } from "vitest";
import type { Call, StoredCollection } from "../src/adapter.ts";
import { createStore, type Store, TimeoutError } from "../src/index.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import { rebuild } from "../src/upkeep/rebuild/rebuild.ts";
import { verify } from "../src/upkeep/verify/verify-store.ts";

interface Doc {
  n: number;
}

const soon = { timeoutMs: 5.123456 };
type Part = "open" | "log" | "views" | "commit";

const never = () => new Promise<never>(() => undefined);

/** Calls of the port that give up in time, as those of an adapter do. */
function late<P extends object>(calls: P, operation: string): P {
  const giveUp = (...given: readonly unknown[]): Promise<never> => {
    const { timeoutMs } = given.find(isCall) ?? soon;
    return Promise.reject(new TimeoutError({ id: undefined, timeoutMs, operation }));
  };
  return new Proxy(calls, { get: () => giveUp });
}

function isCall(given: unknown): given is Call {
  return typeof given === "object" && given !== null && "timeoutMs" in given;
}

/** A store of a document of two versions, on a storage of which one part does not answer in time. */
async function storeWithout(part: Part): Promise<Store<Doc>> {
  const storage = memoryStorage();
  const first = createStore<Doc>({ collection: "c", storage });
  await first.create("d", "alice", { n: 1 });
  await first.edit("d", "alice", (draft) => void draft.n++);
  const without = ({ log, views, ...others }: StoredCollection): StoredCollection => ({
    ...others,
    log: part === "log" ? late(log, "read events") : part === "commit" ? { ...log, commit: never } : log,
    views: part === "views" ? late(views, "read views") : views,
  });
  return createStore<Doc>({
    collection: "c",
    storage: {
      ...storage,
      open: async (name, call) => (part === "open" ? never() : without(await storage.open(name, call))),
    },
  });
}

const calls: Readonly<Record<string, (store: Store<Doc>) => Promise<unknown>>> = {
  create: (store) => store.create("new", "bob", { n: 1 }, soon),
  edit: (store) => store.edit("d", "bob", (draft) => void draft.n++, soon),
  revert: (store) => store.revert("d", "bob", { version: 1 }, soon),
  get: (store) => store.get("d", soon),
  read: (store) => store.read("d", undefined, soon),
  stateAt: (store) => store.stateAt("d", { version: 1 }, soon),
  find: (store) => store.find({}, soon).toArray(),
  count: (store) => store.count({}, soon),
  history: (store) => store.history("d", soon).toArray(),
  changes: (store) => store.changes(soon).toArray(),
  resolve: (store) => store.resolve("d", { eventId: "e", version: 9 }, soon),
  verify: (store) => store.verify("d", soon),
  "verify of all": (store) => verify(store, soon),
  rebuild: (store) => rebuild(store, { projection: "view", ...soon }),
};

const writes = ["create", "edit", "revert"];

test.each([
  ["the opening of the storage", "open", Object.keys(calls), "timeout"],
  ["the log", "log", [...writes, "read", "stateAt", "history", "changes", "resolve"], "timeout"],
  ["the views", "views", ["get", "read", "find", "count"], "timeout"],
  // on a busy machine the time may be up before the commit was sent
  ["a commit", "commit", writes, expect.stringMatching(/^(indeterminate|timeout)$/)],
] as const)("a call whose time is used up by %s tells whole milliseconds", async (_, part, names, code) => {
  for (const name of names) {
    const thrown = await calls[name]?.(await storeWithout(part)).catch((error: unknown) => error);
    expect(thrown, name).toMatchObject({ code });
    const messages: string[] = [];
    for (let at = thrown; at instanceof Error; at = at.cause) messages.push(at.message);
    expect(messages.join("\n"), name).not.toMatch(/\d\.\d/);
    expect(messages.join("\n"), name).toMatch(/took longer than [1-6] ms/);
  }
});
