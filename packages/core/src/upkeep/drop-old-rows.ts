import { checkCallOptions } from "../context/check-options.ts";
import type { CallOptions } from "../context/options.ts";
import { rowsMark } from "../history/mark.ts";
import { deadlineOfEach } from "../port/deadline.ts";
import { rowsName } from "../projection/define-projection.ts";
import { unknownProjection } from "../read/find-rows.ts";
import { partsOf } from "../store/parts-of.ts";
import type { Store } from "../store/store.ts";
import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import { changeGenerations } from "../views/generations.ts";

const names: OptionNames<Pick<CallOptions, "timeoutMs">> = { timeoutMs: true };

/**
 * Takes away the rows of all versions of a projection below the one in use. Processes that still have an older version
 * then hear RowsNotBuiltError. Safe to call again.
 *
 * @returns the versions that were dropped, oldest first
 * @throws OptionsError for a projection that the store does not have
 * @example
 * await dropOldRows(orders, "lines");
 */
export async function dropOldRows<T extends object, Id>(
  store: Store<T, Id>,
  projection: string,
  options?: Pick<CallOptions, "timeoutMs">,
): Promise<readonly number[]> {
  checkCallOptions(options);
  refuseUnknownOptions(options, names, "dropOldRows");
  const parts = partsOf(store);
  if (!parts.rows.projections.some(({ name }) => name === projection)) throw unknownProjection(parts);
  const deadline = deadlineOfEach(options);
  const stored = await parts.resources.opened(deadline);
  let from = 0;
  const { active } = await changeGenerations(
    stored.checkpoints,
    projection,
    (now) => {
      from = now.oldest;
      return { ...now, oldest: now.active };
    },
    deadline.call(),
  );
  const dropped: number[] = [];
  for (let version = Math.max(1, from); version < active; version++) {
    await stored.dropRows(rowsName(projection, version), deadline.call());
    // a rebuild of them that was begun can never be finished
    const unfinished = `rebuild:${rowsName(projection, version)}:`;
    for (const { name } of await stored.checkpoints.list(unfinished, { limit: 100 }, deadline.call()))
      await stored.checkpoints.remove(name, deadline.call());
    await stored.checkpoints.remove(rowsMark(projection, version), deadline.call());
    dropped.push(version);
  }
  return dropped;
}
