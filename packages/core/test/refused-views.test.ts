// A view that its collection refuses: nothing brings it forward before that is put right, and verify says so.
import type { Refusal, Storage } from "@everdraft/core/adapter";
import { verify } from "@everdraft/core/upkeep";
import { expect, onTestFinished, test } from "vitest";
import { createStore } from "../src/index.ts";
import { wrappedMemory } from "./support/wrapped-memory.ts";

/** A storage that takes no views, and says why. */
function refusing(refusal: () => Promise<Refusal | undefined>): Storage<string> {
  return wrappedMemory(({ log, views }) => ({
    log: {
      ...log,
      commit: async (appends, order, limits) => {
        const events = appends.map(({ event }) => ({ event }));
        const outcomes = await log.commit(events, order, limits);
        return outcomes.map((one) => (one.event === "stored" ? { ...one, view: "refused" } : one));
      },
    },
    views: { ...views, write: async () => "refused", refusal },
  }));
}

async function findingsWith(refusal: () => Promise<Refusal | undefined>) {
  const store = createStore<{ n: number }>({ collection: "things", storage: refusing(refusal) });
  onTestFinished(() => store.close());
  expect(await store.create("x", "alice", { n: 1 })).toMatchObject({ view: "refused" });
  const told: unknown[] = [];
  await verify(store, { onFinding: ({ message }) => told.push(message) });
  const { findings } = await store.verify("x");
  expect(findings.map(({ message }) => message)).toEqual(told);
  return findings;
}

const reason = 'its index "loc_2dsphere" takes only GeoJSON';
const remedy = "Drop the index.";

test("the reason is told with its remedy, and no promise that an edit writes the view", async () => {
  expect(await findingsWith(async () => ({ reason, remedy }))).toEqual([
    {
      kind: "behind",
      version: 0,
      message: `The view stays at version 0, since the collection refuses a newer one: ${reason}. ${remedy}`,
    },
  ]);
});

test("a reason that is only suspected is told as such", async () => {
  const [finding] = await findingsWith(async () => ({ reason, remedy, isSuspected: true }));
  expect(finding?.message).toMatch(
    /repair brings it forward.* It may also be refused by the collection: its/,
  );
  expect(finding?.message).toContain(remedy);
});

test("where the storage cannot tell now, the view is told as behind", async () => {
  for (const untold of [async () => undefined, () => Promise.reject(new Error("away"))]) {
    const [finding] = await findingsWith(untold);
    expect(finding).toMatchObject({ kind: "behind", message: expect.stringMatching(/repair brings it/) });
    expect(finding?.message).not.toMatch(/refuse/);
  }
});
