import { createStore } from "@everdraft/core";
import type { Append, EventLog, Storage } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";
import { wrapStorage } from "../src/store-sections/wrap-storage.ts";

interface Log {
  readonly tokens: readonly string[];
}

const call = { timeoutMs: 10_000 };

/** "d-0" in its first version, and the next write of a process. */
async function started() {
  const memory = memoryStorage();
  await createStore<Log>({ collection: "logs", storage: memory }).create("d-0", "test", { tokens: [] });
  const { log } = await memory.open("logs", call);
  const over = (replace: Partial<EventLog>) => wrapStorage(memory, () => ({ log: replace }));
  const add = (storage: Storage<string>) => {
    const store = createStore<Log>({ collection: "logs", storage });
    return store.edit("d-0", "u", (draft) => void (draft.tokens as string[]).push("t"), { key: "k" });
  };
  const whole = createStore<Log>({ collection: "logs", storage: memory });
  return { log, over, add, whole };
}

test("an act that arrives after its slot was read and before its key is looked up is a success", async () => {
  const { log, over, add, whole } = await started();
  let late: readonly Append[] | undefined;
  let looks = 0;
  const edited = await add(
    over({
      commit: async (appends, order, within) => {
        if (late !== undefined) return log.commit(appends, order, within);
        late = appends;
        return appends.map(() => ({ event: "unknown", cause: new Error("the connection broke") }));
      },
      read: async (doc, range, within) => {
        const found = await log.read(doc, range, within);
        if (late !== undefined && range.from === 2 && found.length === 0)
          await log.commit(late, "independent", call);
        return found;
      },
      byId: async (doc, id, within) => {
        if (looks++ > 1) throw new Error("the connection broke");
        return log.byId(doc, id, within);
      },
    }),
  );
  expect(edited).toMatchObject({ version: 2, state: { tokens: ["t"] } });
  expect(await whole.verify("d-0")).toMatchObject({ ok: true, version: 2 });
});

test("an act that another process stored is in doubt, never failed, while it cannot be read", async () => {
  const { log, over, add, whole } = await started();
  let stored = false;
  let broken = false;
  const storage = over({
    commit: async (appends, order, within) => {
      // another process is first with the same act, on a head of its own
      if (!stored) {
        stored = true;
        await whole.edit("d-0", "other", (draft) => void (draft.tokens as string[]).push("other"));
        await add(over({}));
      }
      return log.commit(appends, order, within);
    },
    byId: async (doc, id, within) => {
      if (broken) throw new Error("the connection broke");
      const found = await log.byId(doc, id, within);
      broken = found !== undefined;
      return found;
    },
  });
  await expect(add(storage)).rejects.toMatchObject({
    code: "indeterminate",
    details: { id: "d-0", version: 3 },
  });
  broken = false;
  expect(await add(storage)).toMatchObject({ version: 3, state: { tokens: ["other", "t"] } });
});
