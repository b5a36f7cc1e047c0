// A store in the name of one user: its writes are that user's, and nobody can mix up an id and a user.
import { memoryStorage } from "@everdraft/core/memory";
import { expect, onTestFinished, test } from "vitest";
import { createStore, type UserStore } from "../src/index.ts";

interface Order {
  qty: number;
  note?: string;
}

function ordersFor(meta?: object) {
  const store = createStore<Order>({ collection: "orders", storage: memoryStorage() });
  onTestFinished(() => store.close());
  return { store, mine: store.as("alice", meta && { meta }) };
}

test("every write is the user's, and its answer that of the store", async () => {
  const { store, mine } = ordersFor();
  expect(await mine.create("o-1", { qty: 1 })).toMatchObject({ version: 1, by: "alice", state: { qty: 1 } });
  expect(await mine.edit("o-1", (draft) => void draft.qty++)).toMatchObject({
    version: 2,
    state: { qty: 2 },
  });
  expect(await mine.replace("o-1", { qty: 9 })).toMatchObject({ version: 3 });
  expect(await mine.revert("o-1", { version: 1 })).toMatchObject({ version: 4, state: { qty: 1 } });
  expect(await mine.planRevert("o-1", { version: 2 })).toMatchObject({ to: 2 });
  expect(await mine.delete("o-1")).toMatchObject({ version: 5, state: undefined });
  expect(await mine.restore("o-1")).toMatchObject({ version: 6, state: { qty: 1 } });
  const users = await store.history("o-1").toArray();
  expect(users.map(({ by }) => by)).toEqual(Array.from({ length: 6 }, () => "alice"));
});

test("reads are those of the store", async () => {
  const { store, mine } = ordersFor();
  await store.create("o-1", "bob", { qty: 1 });
  expect(await mine.get("o-1")).toEqual({ qty: 1 });
  expect(await mine.find({ qty: 1 }, { select: ["qty"] }).toArray()).toHaveLength(1);
  expect(await mine.stateAt("o-1", { version: 1 })).toEqual({ qty: 1 });
  expect(await mine.asOf(new Date()).count({ qty: 1 })).toBe(1);
  expect((await mine.history("o-1", { by: "bob" }).toArray()).map(({ type }) => type)).toEqual(["created"]);
  expect(await mine.resolve("o-1", { eventId: "none", version: 1 })).toEqual({ outcome: "never" });
});

test("the meta is kept with each event, and that of a call is merged over it", async () => {
  const { store, mine } = ordersFor({ request: "r-7", app: "desk" });
  await mine.create("o-1", { qty: 1 });
  await mine.edit("o-1", (draft) => void draft.qty++, { meta: { request: "r-8" }, reason: "more" });
  const events = await store.history("o-1").toArray();
  expect(events.map(({ meta, reason }) => [meta, reason])).toEqual([
    [{ request: "r-7", app: "desk" }, undefined],
    [{ request: "r-8", app: "desk" }, "more"],
  ]);
});

test("a wrong user, meta or option is refused at once, and a wrong option of a call by the call", async () => {
  const { store, mine } = ordersFor({ app: "desk" });
  expect(() => store.as("")).toThrow(expect.objectContaining({ code: "user" }));
  expect(() => store.as("alice", { meta: 5 as never })).toThrow(expect.objectContaining({ code: "options" }));
  expect(() => store.as("alice", { mete: {} } as never)).toThrow(
    expect.objectContaining({ code: "options" }),
  );
  for (const wrong of ["no", null, { reasons: "x" }])
    await expect(mine.create("o-1", { qty: 1 }, wrong as never)).rejects.toMatchObject({ code: "options" });
  expect(await store.exists("o-1")).toBe(false);
});

test("the types leave out the user, and every call that is the owner's", async () => {
  const { mine } = ordersFor();
  const typed: UserStore<Order> = mine;
  // @ts-expect-error there is no user to give
  await expect(typed.create("o-1", "alice", { qty: 1 })).rejects.toThrow();
  const owners = ["as", "ready", "close", "import", "verify", "repair", "sweep"] as const;
  expect(owners.filter((name) => name in mine)).toEqual([]);
  // @ts-expect-error it has nothing to close
  expect(typed.close).toBeUndefined();
});
