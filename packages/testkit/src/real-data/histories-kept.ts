import { expect } from "vitest";
import { documentOf, headOf } from "./expected.ts";
import { expectState } from "./same-state.ts";
import type { World } from "./world.ts";

/** Compares every event of every document: who, when, why, and which took the document away. */
export async function expectEveryEvent({ expected, store }: World): Promise<void> {
  for (const { id, events } of expected.documents.values()) {
    const found = await store.history(id).toArray();
    const facts = found.map(({ version, at, by, reason, patches, meta }) => ({
      version,
      rev: (meta?.import as { revision?: unknown } | undefined)?.revision,
      at: at.getTime(),
      by,
      note: reason,
      deleted: patches[0]?.op === "remove" && patches[0].path.length === 0,
    }));
    expect(facts, id).toEqual(events);
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(["imported"]));
    expect(new Set(found.map(({ eventId }) => eventId)).size).toBe(events.length);
  }
}

/** Compares the changes of all documents: each event once, ordered by time, document and version. */
export async function expectAllChanges({ expected, store }: World): Promise<void> {
  const wanted = [...expected.documents.values()]
    .flatMap(({ id, events }) => events.map(({ version, at, by }) => ({ id, version, at, by })))
    .sort(
      (a, b) => a.at - b.at || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)) || a.version - b.version,
    );
  const found: unknown[] = [];
  for await (const { id, version, at, by } of store.changes({ order: "oldest" })) {
    found.push({ id, version, at: at.getTime(), by });
  }
  expect(found).toEqual(wanted);
  const [busiest] = mostFrequent(wanted.map(({ by }) => by));
  const theirs = await store.changes({ ...(busiest !== undefined && { by: busiest }) }).toArray();
  expect(theirs).toHaveLength(wanted.filter(({ by }) => by === busiest).length);
}

function mostFrequent(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
}

/** Compares the documents' current states, by every call that gives them. */
export async function expectCurrentStates({ expected, store }: World): Promise<void> {
  const ids = [...expected.documents.keys()];
  const many = await store.getMany(ids);
  for (const [i, id] of ids.entries()) {
    const state = documentOf(expected, id).last;
    expectState(many[i], state, () => `${id} by getMany`);
    expectState(await store.get(id), state, () => `${id} by get`);
    expectState((await store.read(id))?.state, state, () => `${id} by read`);
    expect(await store.exists(id)).toBe(state !== null);
  }
  const living = ids.filter((id) => documentOf(expected, id).last !== null).toSorted();
  const found = await store.find().toArray();
  expect(found.map(({ id }) => id)).toEqual(living);
  expect(await store.count()).toBe(living.length);
  for (const { id, state, version, at, by } of found) {
    expectState(state, documentOf(expected, id).last, () => `${id} by find`);
    const head = headOf(documentOf(expected, id));
    expect({ version, at: at.getTime(), by }).toEqual({ version: head.version, at: head.at, by: head.by });
  }
}

/** Insists that every document is whole: its chain, its times, its view. */
export async function expectAllVerified(
  { expected, store }: World,
  versions?: ReadonlyMap<string, number>,
): Promise<void> {
  for (const document of expected.documents.values()) {
    const { id } = document;
    const version = versions?.get(id) ?? headOf(document).version;
    expect(await store.verify(id)).toEqual({ id, ok: true, version, findings: [] });
  }
}
