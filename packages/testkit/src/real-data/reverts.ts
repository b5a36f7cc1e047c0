import { expect } from "vitest";
import { documentOf, type ExpectedDocument, headOf } from "./expected.ts";
import { readHistories, type SourceRevision } from "./histories.ts";
import { lastStates } from "./histories-kept.ts";
import { randomOf } from "./random.ts";
import { expectState } from "./same-state.ts";
import type { World } from "./world.ts";

const momentsEach = 3;

type Doc = NonNullable<SourceRevision["doc"]>;

/** Some versions of each document, with their states: the same in every run. */
async function pastStates(world: World): Promise<ReadonlyMap<string, ReadonlyMap<number, Doc>>> {
  const { expected } = world;
  const chosen = new Map<string, Set<number>>();
  for (const { id, events } of expected.documents.values()) {
    const random = randomOf(id);
    const living = events.filter(({ deleted }) => !deleted).map(({ version }) => version);
    const picks = Array.from(
      { length: momentsEach },
      () => living[Math.floor(random() * living.length)] as number,
    );
    chosen.set(id, new Set(picks));
  }
  const states = new Map<string, Map<number, Doc>>();
  for await (const { id, rev, doc } of readHistories(expected.path)) {
    const version = documentOf(expected, id).versions[rev - 1] as number;
    if (doc === null || chosen.get(id)?.has(version) !== true) continue;
    states.set(id, (states.get(id) ?? new Map()).set(version, doc));
  }
  return states;
}

/**
 * Takes each document to several moments and back, each time exactly, and gives the versions that they have
 * afterwards. The revert of the revert gives back what was; a deleted document is deleted again.
 */
export async function revertThereAndBack(world: World): Promise<ReadonlyMap<string, number>> {
  const now = await lastStates(world.expected.path);
  const heads = new Map<string, number>();
  for (const [id, states] of await pastStates(world)) {
    const document = documentOf(world.expected, id);
    let head = headOf(document).version;
    for (const [version, state] of states) {
      const reverted = await there(world, document, { version, state, head });
      // equal to what the document is now: nothing was stored, so there is no way back
      if (reverted === head) continue;
      head = await back(world, document, now.get(id) ?? null, reverted);
    }
    heads.set(id, head);
  }
  return heads;
}

interface Target {
  readonly version: number;
  readonly state: Doc;
  readonly head: number;
}

async function there(
  { store, digest }: World,
  { id, events }: ExpectedDocument,
  target: Target,
): Promise<number> {
  const { version, state, head } = target;
  const at = new Date(events[version - 1]?.at ?? Number.NaN);
  // a date names the last version of its millisecond
  const dated = version % 2 === 0 && events[version]?.at !== at.getTime();
  const moment = dated ? at : { version };
  const plan = await store.revert(id, "reverter", moment, { dryRun: true });
  const past = await store.stateAt(id, { version });
  const reverted = await store.revert(id, "reverter", moment, { reason: "as it was then" });
  const where = () => `${id} reverted to version ${version}`;
  expectState(reverted.state, state, where);
  expectState(await store.get(id), state, where);
  expect(digest(reverted.state)).toBe(digest(past as object));
  expect(plan).toMatchObject({ to: version, version: head, patches: reverted.patches });
  expect(plan.takesBack).toHaveLength(head - version);
  expect(reverted.version).toBe(reverted.changed ? head + 1 : head);
  if (!reverted.changed) return head;
  const [event] = await store.history(id, { from: { version: head + 1 } }).toArray();
  const ref = dated ? { version, at } : { version };
  expect(event).toMatchObject({ type: "reverted", by: "reverter", reason: "as it was then", ref });
  return head + 1;
}

async function back(
  { store }: World,
  { id }: ExpectedDocument,
  state: Doc | null,
  head: number,
): Promise<number> {
  const where = () => `${id} brought back from version ${head}`;
  if (state === null) {
    const absent = store.revert(id, "reverter", { version: head - 1 });
    await expect(absent).rejects.toMatchObject({ code: "absent" });
    const { version } = await store.delete(id, "reverter");
    expectState(await store.get(id), null, where);
    return version;
  }
  const reverted = await store.revert(id, "reverter", { version: head - 1 });
  expectState(reverted.state, state, where);
  return reverted.version;
}
