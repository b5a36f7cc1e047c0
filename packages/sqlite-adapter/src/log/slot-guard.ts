import { type Failure, StorageCorruptError } from "@everdraft/core/adapter";
import type { Database } from "../engine/database.ts";
import type { TableNames } from "../tables.ts";

/** How long a slot's index that was found counts as there, in milliseconds. */
const trustedFor = 30_000;

/** The fault of the unique index over (doc, version), or undefined. */
export function slotFault(
  database: Database,
  names: TableNames,
): Pick<Failure, "reason" | "remedy"> | undefined {
  const uniqueOver = database.prepare<{ columns: string }>(
    `SELECT (SELECT group_concat(name) FROM pragma_index_info(list.name)) AS columns
FROM pragma_index_list(?) AS list WHERE list."unique" = 1 AND list.partial = 0`,
  );
  if (uniqueOver.all(names.events).some(({ columns }) => columns === "doc,version")) return undefined;
  return {
    reason: `the table ${JSON.stringify(names.events)} has lost its unique index over (doc, version), so nothing guards its slots, and nothing is written`,
    remedy: "See with verify whether any is doubled, and make the index again.",
  };
}

/**
 * The unique index over (doc, version) is the only guard of writes. It is part of its table, so only who makes the table
 * anew can lose it; then writing stops within 30 s. Throws StorageCorruptError where it is not there.
 */
export function slotGuard(database: Database, names: TableNames): () => void {
  let foundAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - foundAt < trustedFor) return;
    const fault = slotFault(database, names);
    if (fault !== undefined)
      throw new StorageCorruptError({
        operation: "store events",
        reason: fault.reason,
        remedy: fault.remedy,
      });
    foundAt = now;
  };
}
