import { ConstraintError } from "@everdraft/core/adapter";
import type { Steps } from "./connection.ts";
import type { Database } from "./database.ts";

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

/** Makes several writes, all in one transaction, or each in its own where a rule refuses one of them. */
export async function writeEachOrRefuse<R>(
  database: Database,
  steps: Steps,
  writes: readonly (() => R)[],
): Promise<readonly (R | "refused")[]> {
  const outcomes = await writeOrRefuse(database, steps, () => writes.map((write) => write()));
  if (outcomes !== "refused") return outcomes;
  const each: (R | "refused")[] = [];
  for (const write of writes) each.push(await writeOrRefuse(database, steps, write));
  return each;
}
