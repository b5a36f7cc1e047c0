import { expect } from "vitest";
import { type ExpectedDocument, headOf, type PastState } from "./expected.ts";
import { expectState } from "./same-state.ts";
import type { World } from "./world.ts";

/**
 * Takes each document to several moments and back, each time exactly, and gives the versions that they have afterwards. The
 * revert of the revert gives back the state before; a deleted document is deleted again.
 */
export async function revertThereAndBack(world: World): Promise<ReadonlyMap<string, number>> {
  const heads = new Map<string, number>();
  for (const document of world.expected.documents.values()) {
    let head = headOf(document).version;
    for (const past of document.picked) {
      const reverted = await there(world, document, past, head);
      // equal to the document's current state: nothing was stored, so there is no way back
      if (reverted === head) continue;
      head = await back(world, document, reverted);
    }
    heads.set(document.id, head);
  }
  return heads;
}

async function there(
  { store, digest }: World,
  { id, events }: ExpectedDocument,
  { version, state }: PastState,
  head: number,
): Promise<number> {
  const at = new Date(events[version - 1]?.at ?? Number.NaN);
  // a date names the last version of its millisecond
  const dated = version % 2 === 0 && events[version]?.at !== at.getTime();
  const moment = dated ? at : { version };
  const plan = await store.planRevert(id, moment);
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

async function back({ store }: World, { id, last }: ExpectedDocument, head: number): Promise<number> {
  const where = () => `${id} brought back from version ${head}`;
  if (last === null) {
    const absent = store.revert(id, "reverter", { version: head - 1 });
    await expect(absent).rejects.toMatchObject({ code: "absent" });
    const { version } = await store.delete(id, "reverter");
    expectState(await store.get(id), null, where);
    return version;
  }
  const reverted = await store.revert(id, "reverter", { version: head - 1 });
  expectState(reverted.state, last, where);
  return reverted.version;
}
