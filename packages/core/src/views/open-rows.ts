import type { Resources } from "../context/resources.ts";
import { type Mark, rowsMark } from "../history/mark.ts";
import type { Call } from "../port/call.ts";
import type { RowStore } from "../port/row-store.ts";
import type { StoredCollection } from "../port/storage.ts";
import { type AnyProjection, rowsName } from "../projection/define-projection.ts";
import { changeGenerations, readGenerations } from "./generations.ts";

/** A projection whose rows are open. */
export interface OpenProjection {
  readonly projection: AnyProjection;
  /** The rows of this version of it. */
  readonly rows: RowStore;
}

/** Opens the rows of projections. In a collection without documents they are complete as they are, which is recorded. */
export async function openRows(
  resources: Resources,
  projections: readonly AnyProjection[],
  stored: StoredCollection,
  call: Call,
): Promise<readonly OpenProjection[]> {
  if (projections.length === 0) return [];
  // where nothing was ever written there is nothing to build
  const isEmpty = (await stored.log.documents({ limit: 1 }, call)).length === 0;
  const opened: OpenProjection[] = [];
  for (const projection of projections) {
    const { name, version, indexes = [] } = projection;
    opened.push({ projection, rows: await stored.rows(rowsName(name, version), indexes, call) });
    if (isEmpty) await recordComplete(resources, projection, stored, call);
  }
  return opened;
}

async function recordComplete(
  { clock }: Resources,
  { name, version }: AnyProjection,
  { checkpoints }: StoredCollection,
  call: Call,
): Promise<void> {
  const { revision } = await readGenerations(checkpoints, name, call);
  if (revision > 0) return;
  // all that is ever stored is behind it, so that no sweep of a store without the projection hides anything
  const mark: Mark = { at: clock.now(), last: { position: 0 } };
  await checkpoints.put(rowsMark(name, version), mark, call);
  const first = { revision: 0, active: version, oldest: version };
  await changeGenerations(checkpoints, name, (now) => (now.revision === 0 ? first : now), call);
}
