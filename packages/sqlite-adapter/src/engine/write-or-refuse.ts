import { ConstraintError } from "@everdraft/core/adapter";
import type { Steps } from "./connection.ts";
import type { Database } from "./database.ts";
import { piece } from "./piece.ts";

/** Writes in one transaction. It is `refused` where a rule that somebody added to a table takes none of it. */
export async function writeOrRefuse<R>(
  database: Database,
  steps: Steps,
  write: () => R,
): Promise<R | "refused"> {
  try {
    return await steps.attempt(() => database.transaction(write));
  } catch (error) {
    if (error instanceof ConstraintError) return "refused";
    throw error;
  }
}

/**
 * Makes the write of each of a list: as many in one transaction as leave others their turn, or each in its own where a rule
 * refuses one of them. `prepare` encodes it, before the file is locked.
 */
export async function writeEachOrRefuse<V, R>(
  database: Database,
  steps: Steps,
  list: readonly V[],
  prepare: (one: V) => () => R,
): Promise<readonly (R | "refused")[]> {
  const outcomes: (R | "refused")[] = [];
  while (outcomes.length < list.length) {
    if (outcomes.length > 0) await steps.pause();
    const { made: writes } = piece(list.slice(outcomes.length), prepare);
    const together = await writeOrRefuse(database, steps, () => writes.map((write) => write()));
    if (together !== "refused") outcomes.push(...together);
    else for (const write of writes) outcomes.push(await writeOrRefuse(database, steps, write));
  }
  return outcomes;
}
