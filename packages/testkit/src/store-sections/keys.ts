import type { Store, WriteOptions } from "@everdraft/core";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { type Order, order } from "./order.ts";
import { eventsIn, refused, storesNothing } from "./refusals.ts";
import type { StoreSection } from "./store-bench.ts";

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

/** The result of a call whose key was used before. */
const again = <W extends object>(first: W): W => ({ ...first, repeated: true });

/** Idempotency keys: a key names one act, which is done once. */
export const keys: StoreSection = section("idempotency keys", {
  "the same key gives the first result again, also after other edits": async ({ open, port, clock }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const first = await note(store, "first", { ...key, reason: "r", meta: { a: 1 } });
    for (const one of [store, open()]) {
      expect(await storesNothing(port, ["o-1"], () => note(one, "second"))).toEqual(again(first));
    }
    clock.forward(1000);
    await store.edit("o-1", "carol", (draft) => {
      draft.note = "later";
    });
    for (const one of [store, open()]) {
      expect(await storesNothing(port, ["o-1"], () => note(one, "third"))).toEqual(again(first));
    }
    expect((await store.get("o-1"))?.note).toBe("later");
  },

  "every kind of write takes a key": async ({ open, port }) => {
    const store = open();
    const acts = [
      (one: Store<Order>): Promise<object> => one.create("o-1", "bob", order(), { key: "a" }),
      (one: Store<Order>) => note(one, "x", { key: "b" }),
      (one: Store<Order>) => one.replace("o-1", "bob", order({ note: "y" }), { key: "c" }),
      (one: Store<Order>) => one.revert("o-1", "bob", { version: 2 }, { key: "d" }),
      (one: Store<Order>) => one.delete("o-1", "bob", { key: "e" }),
      (one: Store<Order>) => one.restore("o-1", "bob", { key: "f" }),
    ];
    const results: object[] = [];
    for (const act of acts) results.push(await act(store));
    await store.delete("o-1", "carol");
    for (const one of [store, open()]) {
      for (const [i, act] of acts.entries()) {
        const repeated = await storesNothing(port, ["o-1"], () => act(one));
        expect(repeated).toEqual(again(results[i] as object));
      }
    }
    expect(await eventsIn(port, "o-1")).toHaveLength(7);
  },

  "create with a key repeated gives the first result, never that the document exists": async ({ open }) => {
    const store = open();
    const first = await store.create("o-1", "alice", order({ note: "first" }), key);
    await note(store, "edited", {});
    for (const one of [store, open()]) {
      expect(await one.create("o-1", "alice", order({ note: "first" }), key)).toEqual(again(first));
    }
    await store.delete("o-1", "bob");
    expect(await open().create("o-1", "alice", order({ note: "first" }), key)).toEqual(again(first));
    expect(await store.exists("o-1")).toBe(false);
  },

  "another content or another moment under the same key is another act": async ({ open, port }) => {
    const store = open();
    await store.create("o-1", "alice", order({ note: "first" }), { key: "a" });
    await note(store, "edited", {});
    await store.replace("o-1", "alice", order({ note: "whole" }), { key: "b" });
    await store.revert("o-1", "alice", { version: 1 }, { key: "c" });
    for (const one of [store, open()]) {
      const others = [
        () => one.create("o-1", "alice", order({ note: "other" }), { key: "a" }),
        () => one.create("o-1", "alice", { bad: Symbol("no") } as never, { key: "a" }),
        () => one.replace("o-1", "alice", order({ note: "other" }), { key: "b" }),
        () => note(one, "whole", { key: "b" }, "alice"),
        () => one.revert("o-1", "alice", { version: 2 }, { key: "c" }),
        () => one.revert("o-1", "alice", new Date(8.64e15), { key: "c" }),
      ];
      for (const other of others) await storesNothing(port, ["o-1"], () => refused(other(), "key_reused"));
      // the order of keys, reason, meta and expectedVersion are no part of the act
      const { note: text, ...rest } = order({ note: "whole" });
      const options = { key: "b", reason: "again", meta: { try: 2 }, expectedVersion: 77 };
      expect(await one.replace("o-1", "alice", { note: text, ...rest } as Order, options)).toMatchObject({
        repeated: true,
        version: 3,
      });
    }
  },

  "a key is remembered where its act changes nothing, so that a late retry undoes nothing": async ({
    open,
    port,
  }) => {
    const store = open();
    await store.create("o-1", "alice", order({ note: "same" }));
    const acts = [
      (one: Store<Order>) => note(one, "same", { key: "a" }),
      (one: Store<Order>) => one.replace("o-1", "bob", order({ note: "same" }), { key: "b" }),
      (one: Store<Order>) => one.revert("o-1", "bob", { version: 1 }, { key: "c" }),
      (one: Store<Order>) => one.restore("o-1", "bob", { key: "d" }),
    ];
    for (const act of acts)
      expect(await act(store)).toMatchObject({
        changed: false,
        repeated: false,
        version: 1,
        by: "alice",
        patches: [],
      });
    expect((await eventsIn(port, "o-1")).map(({ type }) => type)).toEqual([
      "created",
      ...acts.map(() => "blank"),
    ]);
    await note(store, "other", {}, "carol");
    for (const one of [store, open()]) {
      for (const act of acts)
        expect(await storesNothing(port, ["o-1"], () => act(one))).toMatchObject({
          changed: false,
          repeated: true,
          version: 1,
          by: "alice",
          state: { note: "same" },
        });
    }
    expect((await store.get("o-1"))?.note).toBe("other");
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
    expect(await note(open(), "again")).toEqual(again(done));
  },

  "with a key a repeated call is not refused for what happened since": async ({ open }) => {
    const store = open();
    await store.create("o-1", "alice", order());
    const first = await note(store, "first", { ...key, expectedVersion: 1 });
    await store.delete("o-1", "carol");
    for (const one of [store, open()]) {
      expect(await note(one, "again", { ...key, expectedVersion: 1 })).toEqual(again(first));
      const throwing = one.edit("o-1", "bob", () => JSON.parse("no"), key);
      expect(await throwing).toEqual(again(first));
    }
  },

  "the same key at the same time is one event, whatever the number of callers": async ({ open, port }) => {
    const stores = [open(), open(), open()];
    await stores[0]?.create("o-1", "alice", order());
    const calls = stores.flatMap((store) => Array.from({ length: 5 }, (_, i) => note(store, `${i}`)));
    const results = await Promise.all(calls);
    const first = results.filter(({ repeated }) => !repeated);
    expect(first).toHaveLength(1);
    for (const result of results) expect(again(result)).toEqual(again(results[0] as object));
    expect(await eventsIn(port, "o-1")).toHaveLength(2);
    const creates = stores.map((store) => store.create("o-2", "alice", order(), key));
    const made = await Promise.all(creates);
    for (const result of made) expect(again(result)).toEqual(again(made[0] as object));
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
