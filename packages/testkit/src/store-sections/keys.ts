import type { Store, WriteOptions } from "@everdraft/core";
import { expect } from "vitest";
import { type Order, order } from "./order.ts";
import { eventsIn, refused, storesNothing } from "./refusals.ts";
import { type StoreSection, storeSection } from "./store-section.ts";

const key = { key: "request-1" };
const note = (store: Store<Order>, text: string, options: WriteOptions = key, user = "bob", id = "o-1") =>
  store.edit(
    id,
    user,
    (draft) => {
      draft.note = text;
    },
    options,
  );

/** Idempotency keys: a key names one act, which is done once. */
export const keys: StoreSection = storeSection("idempotency keys", {
  "the same key gives the first result again, also after other edits": async ({ open, port, clock }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const first = await note(store, "first", { ...key, reason: "r", meta: { a: 1 } });
    for (const one of [store, open()]) {
      expect(await storesNothing(port, ["o-1"], () => note(one, "second"))).toEqual(first);
    }
    clock.forward(1000);
    await store.edit("o-1", "carol", (draft) => {
      draft.note = "later";
    });
    for (const one of [store, open()]) {
      expect(await storesNothing(port, ["o-1"], () => note(one, "third"))).toEqual(first);
    }
    expect((await store.get("o-1"))?.note).toBe("later");
  },

  "every kind of write takes a key": async ({ open, port }) => {
    const store = open();
    const acts = [
      (one: Store<Order>): Promise<unknown> => one.create("o-1", "bob", order(), { key: "a" }),
      (one: Store<Order>) => note(one, "x", { key: "b" }),
      (one: Store<Order>) => one.replace("o-1", "bob", order({ note: "y" }), { key: "c" }),
      (one: Store<Order>) => one.revert("o-1", "bob", { version: 2 }, { key: "d" }),
      (one: Store<Order>) => one.delete("o-1", "bob", { key: "e" }),
      (one: Store<Order>) => one.restore("o-1", "bob", { key: "f" }),
    ];
    const results: unknown[] = [];
    for (const act of acts) results.push(await act(store));
    await store.delete("o-1", "carol");
    for (const one of [store, open()]) {
      for (const [i, act] of acts.entries()) {
        expect(await storesNothing(port, ["o-1"], () => act(one))).toEqual(results[i]);
      }
    }
    expect(await eventsIn(port, "o-1")).toHaveLength(7);
  },

  "create with a key repeated gives the first result, never that the document exists": async ({ open }) => {
    const store = open();
    const first = await store.create("o-1", "alice", order({ note: "first" }), key);
    await note(store, "edited", {});
    for (const one of [store, open()]) {
      expect(await one.create("o-1", "alice", order({ note: "again" }), key)).toEqual(first);
    }
    await store.delete("o-1", "bob");
    expect(await open().create("o-1", "alice", order(), key)).toEqual(first);
    expect(await store.exists("o-1")).toBe(false);
  },

  "another user or another kind of write with the same key is refused": async ({ open, port }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const first = await note(store, "first");
    for (const one of [store, open()]) {
      const others = [
        () => note(one, "first", key, "carol"),
        () => one.delete("o-1", "bob", key),
        () => one.revert("o-1", "bob", { version: 1 }, key),
        () => one.create("o-1", "bob", order(), key),
        () => one.restore("o-1", "bob", key),
      ];
      for (const other of others) {
        const error = await storesNothing(port, ["o-1"], () => refused(other(), "key_reused"));
        expect(error.details).toMatchObject({ id: "o-1", eventId: first.eventId, version: 2 });
      }
    }
  },

  "a key on another document is another act": async ({ open }) => {
    const store = open();
    const made = await Promise.all(["o-1", "o-2"].map((id) => store.create(id, "alice", order(), key)));
    const edited = await Promise.all(
      ["o-1", "o-2"].map((id) => note(store, id, { key: "request-2" }, "bob", id)),
    );
    expect(edited.map(({ state }) => state.note)).toEqual(["o-1", "o-2"]);
    expect(new Set([...made, ...edited].map(({ eventId }) => eventId)).size).toBe(4);
  },

  "a key whose act was refused can be used when the act is possible": async ({ open }) => {
    const store = open();
    await refused(note(store, "too early"), "not_found");
    await store.create("o-1", "alice", order());
    await refused(note(store, "stale", { ...key, expectedVersion: 7 }), "conflict");
    const throwing = store.edit("o-1", "bob", () => JSON.parse("no"), key);
    await expect(throwing).rejects.toThrow(SyntaxError);
    const done = await note(store, "at last");
    expect(done).toMatchObject({ changed: true, version: 2, state: { note: "at last" } });
    expect(await note(open(), "again")).toEqual(done);
  },

  "with a key a repeated call is not refused for what happened since": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const first = await note(store, "first", { ...key, expectedVersion: 1 });
    await store.delete("o-1", "carol");
    for (const one of [store, open()]) {
      expect(await note(one, "again", { ...key, expectedVersion: 1 })).toEqual(first);
      const throwing = one.edit("o-1", "bob", () => JSON.parse("no"), key);
      expect(await throwing).toEqual(first);
    }
  },

  "the same key at the same time is one event, whatever the number of callers": async ({ open, port }) => {
    const stores = [open(), open(), open()];
    await stores[0]?.create("o-1", "alice", order());
    const calls = stores.flatMap((store) => Array.from({ length: 5 }, (_, i) => note(store, `${i}`)));
    const results = await Promise.all(calls);
    for (const result of results) expect(result).toEqual(results[0]);
    expect(await eventsIn(port, "o-1")).toHaveLength(2);
    const creates = stores.map((store) => store.create("o-2", "alice", order(), key));
    const made = await Promise.all(creates);
    for (const result of made) expect(result).toEqual(made[0]);
    expect(await eventsIn(port, "o-2")).toHaveLength(1);
  },

  "keys are texts of any kind, and none is taken for another": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const texts = ["a", "A", " a", "a:b", "a\nb", "é", "e\u0301", "1", "\u{1f600}", "x".repeat(200)];
    for (const text of texts) await note(store, text, { key: text });
    expect((await store.read("o-1"))?.version).toBe(texts.length + 1);
    for (const [i, text] of texts.entries()) {
      expect(await note(open(), "again", { key: text })).toMatchObject({
        version: i + 2,
        state: { note: text },
      });
    }
  },
});
