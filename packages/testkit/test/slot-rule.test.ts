import { createStore, IndeterminateError, type Store } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { type CommitFault, type FaultPlan, faulty, randomFaults } from "@everdraft/testkit";
import { describe, expect, test } from "vitest";

interface Log {
  readonly tokens: readonly string[];
}

/** The answers to the callers of some acts. */
interface Told {
  readonly acknowledged: string[];
  readonly failed: string[];
  readonly open: {
    readonly token: string;
    readonly id: string;
    readonly eventId: string;
    readonly version: number;
  }[];
}

const documents = ["d-0", "d-1", "d-2", "d-3"];
const seed = Number(process.env.SEED ?? 7);
const rates: Readonly<Record<string, Parameters<typeof randomFaults>[1]>> = {
  "lost requests": { commit: { "lose-request": 0.2 } },
  "lost replies": { commit: { "lose-reply": 0.2 } },
  "late landings": { commit: { "land-late": 0.2 } },
  "retries that nobody told of": { commit: { "answer-again": 0.2 } },
  "views left behind": { commit: { "view-behind": 0.2 }, view: { behind: 0.2, "lose-reply": 0.1 } },
  "all of it, and reads that fail": {
    commit: {
      "lose-request": 0.1,
      "lose-reply": 0.1,
      "land-late": 0.1,
      "view-behind": 0.1,
      "answer-again": 0.1,
    },
    view: { behind: 0.1, "lose-request": 0.1, "lose-reply": 0.1 },
    read: { fail: 0.05 },
  },
};

/** Two stores, as of two processes, write tokens into a few documents; the storage goes wrong by the plan. */
async function writeUnder(plan: FaultPlan, acts: number, timeoutMs: number) {
  const memory = memoryStorage();
  const whole = createStore<Log>({ collection: "logs", storage: memory });
  for (const id of documents) await whole.create(id, "test", { tokens: [] });
  const storage = faulty(memory, plan);
  const stores = [0, 1].map(() => createStore<Log>({ collection: "logs", storage }));
  const told: Told = { acknowledged: [], failed: [], open: [] };
  const act = async (store: Store<Log>, n: number): Promise<void> => {
    const token = `t${n}`;
    const id = documents[n % documents.length] as string;
    try {
      await store.edit(id, `u${n % 5}`, (draft) => void draft.tokens.push(token), { timeoutMs });
      told.acknowledged.push(token);
    } catch (error) {
      if (error instanceof IndeterminateError)
        told.open.push({
          token,
          ...(error.details as never as { id: string; eventId: string; version: number }),
        });
      else told.failed.push(token);
    }
  };
  // each store has eight callers, who go on one act after another
  await Promise.all(
    stores.flatMap((store, s) =>
      Array.from({ length: 8 }, async (_, c) => {
        for (let n = s * 8 + c; n < acts; n += 16) await act(store, n);
      }),
    ),
  );
  await storage.landAll();
  await Promise.all(stores.map((store) => store.close()));
  await storage.landAll();
  return { storage, whole, told };
}

async function expectSlotRule(whole: Store<Log>, told: Told): Promise<void> {
  const found: string[] = [];
  for (const id of documents) {
    const document = await whole.read(id);
    expect(await whole.verify(id)).toMatchObject({ ok: true });
    expect(await whole.get(id)).toEqual(document?.state);
    expect(document?.version).toBe((document?.state.tokens.length ?? 0) + 1);
    found.push(...(document?.state.tokens ?? []));
  }
  expect(new Set(found).size, "no act was applied twice").toBe(found.length);
  expect(
    told.acknowledged.filter((token) => !found.includes(token)),
    "nothing acknowledged is lost",
  ).toEqual([]);
  expect(
    told.failed.filter((token) => found.includes(token)),
    "nothing reported failed is there",
  ).toEqual([]);
  for (const { token, id, eventId, version } of told.open) {
    const resolved = await whole.resolve(id, { eventId, version }, { settle: "test" });
    expect(resolved.outcome, token).toBe(found.includes(token) ? "stored" : "never");
  }
}

describe.each(Object.entries(rates))(`acts under %s (seed ${seed})`, (_, faults) => {
  test("are each acknowledged and there once, or failed and never there, or open and resolvable", {
    timeout: 60_000,
  }, async () => {
    const { storage, whole, told } = await writeUnder(
      randomFaults(seed, faults, { landAfter: 9 }),
      240,
      10_000,
    );
    for (const fault of Object.keys(faults?.commit ?? {}) as CommitFault[])
      expect(storage.struck.commit[fault]).toBeGreaterThan(0);
    expect(told.acknowledged.length).toBeGreaterThan(0);
    await expectSlotRule(whole, told);
  });
});

test("an act whose every try is lost ends indeterminate, never failed, and what lands late is found by resolve", async () => {
  const plan = { commit: (n: number): CommitFault => (n === 1 ? "land-late" : "lose-request") };
  const memory = memoryStorage();
  await createStore<Log>({ collection: "logs", storage: memory }).create("d-0", "test", { tokens: [] });
  const storage = faulty(memory, plan);
  const store = createStore<Log>({ collection: "logs", storage });
  const edit = store.edit("d-0", "u", (draft) => void draft.tokens.push("late"), { timeoutMs: 60 });
  const error = await edit.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(IndeterminateError);
  const { eventId, version } = (error as IndeterminateError).details;
  expect(await store.resolve("d-0", { eventId, version })).toEqual({ outcome: "open" });
  await storage.landAll();
  const resolved = await store.resolve("d-0", { eventId, version });
  expect(resolved).toMatchObject({ outcome: "stored", result: { version: 2, state: { tokens: ["late"] } } });
  await store.close();
});

/** Two stores on one memory: nothing of the first arrives but its first commit, which lands late. */
function brokenOff(memory: ReturnType<typeof memoryStorage>) {
  const storage = faulty(memory, { commit: (n) => (n === 1 ? "land-late" : "lose-request") });
  const broken = createStore<Log>({ collection: "logs", storage });
  return { storage, broken, store: createStore<Log>({ collection: "logs", storage: memory }) };
}

test("an open creation can be settled too, and the document created after that", async () => {
  const { storage, broken, store } = brokenOff(memoryStorage());
  const create = broken.create("d-0", "u", { tokens: ["late"] }, { timeoutMs: 30 });
  const error = await create.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(IndeterminateError);
  const { eventId, version } = (error as IndeterminateError).details;
  expect(await store.resolve("d-0", { eventId, version }, { settle: "test" })).toEqual({ outcome: "never" });
  await storage.landAll();
  expect(await store.get("d-0")).toBeUndefined();
  await expect(store.restore("d-0", "u")).rejects.toMatchObject({ code: "not_found" });
  expect(await store.create("d-0", "u", { tokens: [] })).toMatchObject({ version: 2, state: { tokens: [] } });
  expect(await store.verify("d-0")).toMatchObject({ ok: true, version: 2 });
  const far = store.resolve("d-0", { eventId, version: 10_000 }, { settle: "test" });
  await expect(far).rejects.toMatchObject({ code: "version_ahead" });
  await Promise.all([broken.close(), store.close()]);
});

test("an open write that was settled can never be stored any more", async () => {
  const memory = memoryStorage();
  await createStore<Log>({ collection: "logs", storage: memory }).create("d-0", "test", { tokens: [] });
  const { storage, broken, store } = brokenOff(memory);
  const edit = broken.edit("d-0", "u", (draft) => void draft.tokens.push("late"), { timeoutMs: 30 });
  const error = await edit.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(IndeterminateError);
  const { eventId, version } = (error as IndeterminateError).details;
  expect(await store.resolve("d-0", { eventId, version }, { settle: "test" })).toEqual({ outcome: "never" });
  await storage.landAll();
  expect(await store.get("d-0")).toEqual({ tokens: [] });
  expect((await store.history("d-0", { blanks: true }).toArray()).map(({ type }) => type)).toEqual([
    "created",
    "blank",
  ]);
  await Promise.all([broken.close(), store.close()]);
});
