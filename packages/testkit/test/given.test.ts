import { ConflictError, ExistsError } from "@everdraft/core";
import { given, testClock, testIds } from "@everdraft/testkit/given";
import { expect, test } from "vitest";

interface Order {
  status: "open" | "paid";
  lines: string[];
}

const open: Order = { status: "open", lines: [] };

class NothingToPay extends Error {}

function pay(draft: Order): void {
  if (draft.lines.length === 0) throw new NothingToPay("the order has no lines");
  draft.status = "paid";
}

test("what an act stores is compared with the events expected", async () => {
  // #region given
  await given<Order>([
    { id: "o-1", by: "alice", created: { status: "open", lines: [] } },
    { id: "o-1", by: "alice", edited: (draft) => void draft.lines.push("A") },
  ])
    .when(({ store }) => store.edit("o-1", "bob", pay))
    .expect([{ type: "edited", by: "bob", patches: [{ op: "replace", path: ["status"], value: "paid" }] }]);
  // #endregion given
});

test("an act that must be refused is compared by the code of its error, or by its class", async () => {
  const empty = given<Order>([{ id: "o-1", created: open }]);
  await empty.when(({ store }) => store.edit("o-1", "bob", pay)).expect(NothingToPay);
  await empty.when(({ store }) => store.edit("o-1", "bob", pay)).expect(Error);
  await empty.when(({ store }) => store.create("o-1", "bob", open)).expect("exists");
});

test.each([
  ["another event than expected", [{ type: "deleted" as const }]],
  ["more events than expected", []],
  ["fewer events than expected", [{ type: "created" as const }, { type: "edited" as const }]],
  ["success where an error was expected", "exists" as const],
])("%s fails the test", async (_, outcome) => {
  const scenario = given<Order>([]).when(({ store }) => store.create("o-1", "bob", open));
  await expect(scenario.expect(outcome)).rejects.toThrow();
  await scenario.expect([{ type: "created" }]);
});

test("another error than expected fails the test, and one that is none of the library's is shown as it is", async () => {
  const paid = given<Order>([]);
  await expect(paid.when(({ store }) => store.edit("o-1", "bob", pay)).expect("exists")).rejects.toThrow(
    "not_found",
  );
  const broken = new TypeError("a fault of the act");
  const failing = paid.when(() => Promise.reject(broken));
  await expect(failing.expect("exists")).rejects.toBe(broken);
  await expect(failing.expect([])).rejects.toBe(broken);
  await expect(failing.expect(NothingToPay)).rejects.toBe(broken);
  const succeeding = paid.when(({ store }) => store.create("o-1", "bob", open));
  await expect(succeeding.expect(NothingToPay)).rejects.toThrow("the error");
});

test("a refused act that stored something before fails the test", async () => {
  const act = given<Order>([]).when(async ({ store }) => {
    await store.create("o-1", "bob", open);
    await store.create("o-1", "bob", open);
  });
  await expect(act.expect("exists")).rejects.toThrow("what the refused act stored");
  await expect(act.expect(ExistsError)).rejects.toThrow("what the refused act stored");
});

test("given events are of every kind, one second apart, and nobody has to say who made them", async () => {
  await given<Order>([
    { id: "o-1", created: open, reason: "by phone" },
    { id: "o-1", edited: (draft) => void draft.lines.push("A") },
    { id: "o-1", deleted: true },
    { id: "o-1", restored: true },
    { id: "o-1", reverted: { version: 1 } },
  ])
    .when(async ({ store, clock }) => {
      const events = await store.history("o-1").toArray();
      expect(events.map(({ type }) => type)).toEqual([
        "created",
        "edited",
        "deleted",
        "restored",
        "reverted",
      ]);
      expect(events.map(({ at }) => at.getTime() - Date.UTC(2026, 0, 1))).toEqual([
        0, 1000, 2000, 3000, 4000,
      ]);
      expect(events[0]).toMatchObject({ by: "given", reason: "by phone" });
      expect(clock.now).toBe(Date.UTC(2026, 0, 1) + 5000);
    })
    .expect([]);
});

test("two callers with the same version in hand: one of them wins", async () => {
  await given<Order>([{ id: "o-1", created: open }])
    .when(async ({ store }) => {
      const write = (by: string) =>
        store.edit("o-1", by, (draft) => void draft.lines.push(by), { expectedVersion: 1 });
      const ended = await Promise.allSettled([write("alice"), write("bob")]);
      expect(ended[1]).toMatchObject({ reason: expect.any(ConflictError) });
    })
    .expect([{ by: "alice", version: 2 }]);
});

test("the clock stands still until it is moved, and ids are the same in every run", () => {
  const clock = testClock(5000);
  expect([clock.read(), clock.read()]).toEqual([5000, 5000]);
  expect(clock.forward(-2000)).toEqual(new Date(3000));
  expect(clock.read()).toBe(3000);
  const next = testIds("o");
  expect([next(), next(), testIds("o")()]).toEqual(["o-1", "o-2", "o-1"]);
});
