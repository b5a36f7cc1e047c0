import type { Store, Written } from "@everdraft/core";
import { expect } from "vitest";
import { documentOf } from "./expected.ts";
import { readHistories, type SourceRevision } from "./histories.ts";
import { mergeInto } from "./merge-draft.ts";
import type { Digests } from "./past-states.ts";
import { replayer } from "./replayer.ts";
import { expectState } from "./same-state.ts";
import type { State, World } from "./world.ts";

/**
 * Writes all histories through the ordinary calls: `create` where there is no document, `delete` where the source deletes it, and
 * else an `edit` that changes the draft field by field. Each call must give the source's state, with the digest of the imported
 * one.
 */
export async function writeAgain({ expected, store, digest }: World, imported: Digests): Promise<void> {
  const heads = new Map<string, { version: number; lives: boolean }>();
  for await (const revision of readHistories(expected.path)) {
    const { id, rev, doc } = revision;
    const before = heads.get(id) ?? { version: 0, lives: false };
    const version = documentOf(expected, id).versions[rev - 1] as number;
    const where = () => `${id}, version ${version} (revision ${rev}), written`;
    const written = await write(store, revision, before.lives);
    const { changed, state, view } = written;
    expect({ version: written.version, changed, view }, where()).toEqual({
      version,
      changed: version > before.version,
      view: "current",
    });
    expectState(state, doc, where);
    expect(state && digest(state), where()).toBe(imported.get(id)?.[version - 1]);
    heads.set(id, { version, lives: doc !== null });
  }
}

function write(
  store: Store<State>,
  { id, by, note, doc }: SourceRevision,
  lives: boolean,
): Promise<Written<State | undefined>> {
  const options = note === undefined ? {} : { reason: note };
  if (doc === null) return store.delete(id, by, options);
  if (!lives) return store.create(id, by, doc, options);
  return store.edit(id, by, (draft) => mergeInto(draft, doc), options);
}

/**
 * Replays the stored events with an applier of the test's own: the patches of every event must give the state of its revision.
 * Users and reasons are those of the source.
 */
export async function expectReplays({ expected, store }: World): Promise<void> {
  let replay = replayer();
  let events: Awaited<ReturnType<typeof eventsOf>> = [];
  let current: string | undefined;
  for await (const { id, rev, by, note, doc } of readHistories(expected.path)) {
    const document = documentOf(expected, id);
    if (id !== current) {
      [current, replay, events] = [id, replayer(), await eventsOf(store, id)];
      expect(events.map(({ version }) => version)).toEqual(document.events.map(({ version }) => version));
    }
    const version = document.versions[rev - 1] as number;
    const event = events[version - 1];
    if (version > (document.versions[rev - 2] ?? 0)) {
      replay.apply(event?.patches ?? []);
      expect({ by: event?.by, reason: event?.reason }).toEqual({ by, reason: note });
    }
    expectState(replay.state(), doc, () => `${id}, version ${version}, replayed from its patches`);
  }
}

function eventsOf(store: Store<State>, id: string) {
  return store.history(id).toArray();
}
