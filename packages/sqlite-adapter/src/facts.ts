import type { Facts } from "@everdraft/core/adapter";
import { capabilities } from "./capabilities.ts";
import type { Steps } from "./engine/connection.ts";
import type { Database } from "./engine/database.ts";
import { slotFault } from "./log/slot-guard.ts";
import { quote, type TableNames } from "./tables.ts";

/**
 * The facts of a collection, for people. Counts its tables, which reads their smallest indexes. For `bytes` one statement
 * looks at all their pages.
 */
export async function sqliteFacts(
  database: Database,
  names: TableNames,
  bytes: boolean,
  { attempt, pause }: Pick<Steps, "attempt" | "pause">,
): Promise<Facts> {
  const count = async (table: string, where = ""): Promise<number> => {
    await pause();
    const counted = `SELECT count(*) AS n FROM ${quote(table)}${where}`;
    return attempt(() => database.prepare<{ n: number }>(counted).get()?.n ?? 0);
  };
  const fault = await attempt(() => slotFault(database, names));
  return {
    engine: database.engine,
    events: await count(names.events),
    views: await count(names.views, " WHERE state IS NOT NULL"),
    snapshots: await count(names.snapshots),
    bytes: bytes ? await attempt(() => bytesOf(database, names)) : undefined,
    abilities: { atomicViews: capabilities.atomic, rowIndexes: true },
    problems: fault === undefined ? [] : [{ what: `In this file ${fault.reason}.`, remedy: fault.remedy }],
  };
}

/** The pages of the collection's tables; unknown where the engine was built without dbstat. */
function bytesOf(database: Database, names: TableNames): number | undefined {
  try {
    const tables = [names.views, names.events, names.snapshots];
    const sum = database.prepare<{ bytes: number | null }>(
      `SELECT sum(s.pgsize) AS bytes FROM dbstat s JOIN sqlite_schema t ON s.name = t.name WHERE t.tbl_name IN (?, ?, ?)`,
    );
    return sum.get(...tables)?.bytes ?? undefined;
  } catch {
    return undefined;
  }
}
