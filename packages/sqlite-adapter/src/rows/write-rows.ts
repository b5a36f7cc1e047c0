import { ConstraintError, type RowOutcome } from "@everdraft/core/adapter";
import type { Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import type { PreparedRows, RowWriter } from "./row-writer.ts";

/** The tables of a projection's rows, that are written to. */
interface WrittenTables {
  readonly database: Database;
  readonly replace: RowWriter;
}

/** Writes the rows of documents in one transaction: all of them, or none. */
export async function writeTogether(
  { database, replace }: WrittenTables,
  sets: readonly PreparedRows[],
  over: "lower" | "any",
  steps: Steps,
): Promise<RowOutcome> {
  try {
    await steps.attempt(() =>
      database.transaction(() => {
        for (const set of sets) replace(set, over);
      }),
    );
    return "current";
  } catch (error) {
    if (error instanceof ConstraintError) return "refused";
    throw error;
  }
}

/** Writes the rows of documents over lower versions, all in one transaction where nothing refuses any. */
export async function writeEach(
  tables: WrittenTables,
  sets: readonly PreparedRows[],
  steps: Steps,
): Promise<readonly RowOutcome[]> {
  if ((await writeTogether(tables, sets, "lower", steps)) === "current") return sets.map(() => "current");
  // a rule that somebody added to the table refuses those of one document
  const outcomes: RowOutcome[] = [];
  for (const one of sets) outcomes.push(await writeTogether(tables, [one], "lower", steps));
  return outcomes;
}
