// The digest of an act, by which a key knows what its call was given: as docs/format.md describes it.
import { createHash } from "node:crypto";
import { encode, type StoredEvent, valueTypes } from "@everdraft/core/adapter";
import { eventHash } from "@everdraft/core/internals";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, onTestFinished, test } from "vitest";
import { createStore, type WriteOptions } from "../src/index.ts";

const types = valueTypes([]);
const call = { timeoutMs: 1_000 };
type State = Record<string, unknown>;

/** Writes of each kind, each with a key where `keys` says so, and their events. */
async function eventsOf(
  keys: boolean,
  more: Omit<WriteOptions, "key"> = {},
): Promise<readonly StoredEvent[]> {
  const storage = memoryStorage();
  const store = createStore<State>({ collection: "things", storage });
  onTestFinished(() => store.close());
  const options = (key: string): WriteOptions => (keys ? { ...more, key } : more);
  await store.create("a", "alice", { z: [1], a: new Date(5), gone: undefined }, options("1"));
  await store.edit("a", "alice", (draft) => void delete draft.z, options("2"));
  await store.replace("a", "alice", { n: -0 }, options("3"));
  await store.revert("a", "alice", { version: 1 }, options("4"));
  await store.revert("a", "alice", new Date(8.64e15), options("5"));
  await store.delete("a", "alice", options("6"));
  await store.restore("a", "alice", options("7"));
  const { version } = await store.replace("a", "alice", { n: 1 }, options("8"));
  await store.undo("a", "alice", { version }, options("9"));
  await store.redo("a", "alice", undefined, options("10"));
  await store.undo("a", "alice", { version }, { ...options("11"), paths: [["n"]] });
  const { log } = await storage.open("things", call);
  return log.read("a", { from: 1, to: 99, limit: 99 }, call);
}

/** `given` of an event, by the words of the format. */
const digest = (salt: string, act: readonly unknown[]): string =>
  createHash("sha256").update(salt, "base64url").update(encode(act, types)).digest("base64url");

const acts: readonly (readonly unknown[])[] = [
  ["create", { a: new Date(5), z: [1] }],
  ["edit"],
  ["replace", { n: 0 }],
  ["revert", { version: 1 }],
  ["revert", { date: 8.64e15 }],
  ["delete"],
  ["restore"],
  ["replace", { n: 1 }],
  ["undo", { version: 8 }],
  ["redo", {}],
  ["undo", { version: 8, paths: [["n"]] }],
];

test("with a key an event holds the digest of the call's kind and its normalised argument, under its own salt", async () => {
  const events = await eventsOf(true);
  // one that changes nothing is a blank
  expect(events.map(({ type }) => type)).toEqual([
    "created",
    "edited",
    "edited",
    "reverted",
    "blank",
    "deleted",
    "restored",
    "edited",
    "undone",
    "undone",
    "undone",
  ]);
  expect(events.map(({ given }) => given)).toEqual(
    events.map(({ salt }, i) => digest(salt, acts[i] as readonly unknown[])),
  );
  expect(new Set(events.map(({ salt }) => salt)).size).toBe(events.length);
});

test("reason and meta are no part of the digest", async () => {
  const events = await eventsOf(true, { reason: "r", meta: { m: 1 } });
  expect(events.map(({ given }) => given)).toEqual(
    events.map(({ salt }, i) => digest(salt, acts[i] as readonly unknown[])),
  );
});

test("without a key no event holds one", async () => {
  const events = await eventsOf(false);
  expect(events).toHaveLength(10);
  expect(events.map(({ given }) => given)).toEqual(events.map(() => undefined));
});

test("the digest is a part of the payload that the hash covers", async () => {
  const [first] = (await eventsOf(true)) as [StoredEvent];
  const { hash, given: _, ...without } = first;
  expect(eventHash(first, null, types)).toBe(hash);
  expect(eventHash(without, null, types)).not.toBe(hash);
  expect(eventHash({ ...first, given: digest("other", ["edit"]) }, null, types)).not.toBe(hash);
});
