import { type Failure, StorageCorruptError } from "@everdraft/core/adapter";
import type { Database } from "../engine/database.ts";
import type { TableNames } from "../tables.ts";

/** How long a slot's index that was found counts as there, in milliseconds. */
const trustedFor = 30_000;

interface UniqueIndex {
  readonly columns: string;
  readonly partial: number;
  /** Its statement; null of one that is a part of its table. */
  readonly text: string | null;
}

/** Whether an index over (doc, key) leaves out no more than events without a key. */
function coversKeys(text: string | null): boolean {
  const where = /\bwhere\b(.*)$/is.exec(text ?? "")?.[1];
  return where === undefined || /^\s*"?key"?\s+is\s+not\s+null\s*$/i.test(where);
}

function lost({ events }: TableNames, columns: string, effect: string): Pick<Failure, "reason" | "remedy"> {
  return {
    reason: `the table ${JSON.stringify(events)} has lost its unique index over ${columns}, so ${effect}, and nothing is written`,
    remedy: "See with verify whether any is doubled, and make the index again.",
  };
}

/** The fault of the unique indexes over (doc, version) and (doc, key), or undefined. */
export function slotFault(
  database: Database,
  names: TableNames,
): Pick<Failure, "reason" | "remedy"> | undefined {
  const uniqueOver = database.prepare<UniqueIndex>(
    `SELECT (SELECT group_concat(name) FROM pragma_index_info(list.name)) AS columns, list.partial AS partial,
(SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = list.name) AS text
FROM pragma_index_list(?) AS list WHERE list."unique" = 1`,
  );
  const found = uniqueOver.all(names.events);
  if (!found.some(({ columns, partial }) => columns === "doc,version" && partial === 0))
    return lost(names, "(doc, version)", "nothing guards its slots");
  if (!found.some(({ columns, text }) => columns === "doc,key" && coversKeys(text)))
    return lost(names, "(doc, key)", "nothing refuses a second event under one key");
  return undefined;
}

/**
 * The unique indexes over (doc, version) and (doc, key) are the only guard of writes. Where one is gone, writing stops within
 * 30 s. Throws StorageCorruptError.
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
