import { checkCallOptions, optionsError } from "../context/check-options.ts";
import type { CallOptions } from "../context/options.ts";
import { deadlineOfEach } from "../port/deadline.ts";
import type { StoredIndex } from "../port/index-store.ts";
import { partsOf } from "../store/parts-of.ts";
import type { Store } from "../store/store.ts";
import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";

const names: OptionNames<Pick<CallOptions, "timeoutMs">> = { timeoutMs: true };

/**
 * The indexes over the documents of a store and over the rows of its projections, as they stand in its storage: also those
 * that another store added. None where the storage has none, as in memory.
 *
 * @example
 * for (const { name, complete } of await listIndexes(orders)) console.log(name, complete ? "in use" : "being built");
 */
export async function listIndexes<T extends object, Id>(
  store: Store<T, Id>,
  options?: Pick<CallOptions, "timeoutMs">,
): Promise<readonly StoredIndex[]> {
  checkCallOptions(options);
  refuseUnknownOptions(options, names, "listIndexes");
  const deadline = deadlineOfEach(options);
  const { indexes } = await partsOf(store).resources.opened(deadline);
  return (await indexes?.list(deadline.call())) ?? [];
}

/**
 * Takes an index away, by its name: no writer keeps it any longer. A store that has it among its options adds it again when
 * it opens the next time. Safe to call again.
 *
 * @returns whether there was one of this name
 * @example
 * await dropIndex(orders, "status_1");
 */
export async function dropIndex<T extends object, Id>(
  store: Store<T, Id>,
  name: string,
  options?: Pick<CallOptions, "timeoutMs">,
): Promise<boolean> {
  checkCallOptions(options);
  refuseUnknownOptions(options, names, "dropIndex");
  if (typeof name !== "string") throw optionsError("name", "it is the name of an index");
  const deadline = deadlineOfEach(options);
  const { indexes } = await partsOf(store).resources.opened(deadline);
  return (await indexes?.drop(name, deadline.call())) ?? false;
}
