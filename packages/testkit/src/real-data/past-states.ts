import { expect } from "vitest";
import { documentOf } from "./expected.ts";
import { readHistories, type SourceRevision } from "./histories.ts";
import { expectState } from "./same-state.ts";
import type { World } from "./world.ts";

/** The digests of a document's states as the library computes them: that of version v at place v - 1. */
export type Digests = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Asks for every revision by its version, compares each with the source, and gives the digests of all. */
export async function expectEveryVersion({ expected, store, digest }: World): Promise<Digests> {
  const digests = new Map<string, (string | undefined)[]>();
  let compared = 0;
  for await (const { id, rev, doc } of readHistories(expected.path)) {
    const version = documentOf(expected, id).versions[rev - 1] as number;
    const state = await store.stateAt(id, { version });
    expectState(state, doc, () => `${id}, version ${version} (revision ${rev})`);
    const known = digests.get(id) ?? [];
    known[version - 1] = state && digest(state);
    digests.set(id, known);
    compared++;
  }
  expect(compared).toBe(expected.revisions);
  return digests;
}

/**
 * Asks for the state at the time of every revision: of several at one millisecond the last one counts. Before
 * the first there was nothing; after the last the state stays as it is.
 */
export async function expectEveryDate({ expected, store }: World): Promise<void> {
  let previous: SourceRevision | undefined;
  let asked = 0;
  const ask = async ({ id, at, doc }: SourceRevision, time = at): Promise<void> => {
    const state = await store.stateAt(id, new Date(time));
    expectState(state, doc, () => `${id} at ${new Date(time).toISOString()}`);
    asked++;
  };
  for await (const revision of readHistories(expected.path)) {
    const same = revision.id === previous?.id;
    if (previous !== undefined && !(same && revision.at === previous.at)) await ask(previous);
    if (previous !== undefined && !same) await ask(previous, expected.newest + 1);
    if (!same) await ask({ ...revision, doc: null }, revision.at - 1);
    previous = revision;
  }
  if (previous !== undefined) await ask(previous);
  expect(asked).toBeGreaterThan(expected.documents.size * 2);
}

/** Compares version, time and user of some moments of each document, asked for by version and by date. */
export async function expectWhoAndWhen({ expected, store }: World): Promise<void> {
  for (const { id, events } of expected.documents.values()) {
    for (let i = 0; i < events.length; i += Math.ceil(events.length / 5)) {
      const byVersion = await store.read(id, { version: i + 1 });
      const event = events[i];
      if (event === undefined || event.deleted) expect(byVersion).toBeUndefined();
      else {
        const sealed = i + 1 < events.length;
        const facts = { id, version: i + 1, at: new Date(event.at), by: event.by, sealed };
        expect(byVersion).toMatchObject(facts);
        const last = events.findLast(({ at }) => at <= event.at);
        const byDate = await store.read(id, new Date(event.at));
        if (last?.deleted === false) expect(byDate).toMatchObject({ version: last.version, by: last.by });
        else expect(byDate).toBeUndefined();
      }
    }
  }
}
