import { ConstraintError, type ViewOutcome } from "@everdraft/core/adapter";
import type { Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import type { PreparedView, ViewWriter } from "./view-writer.ts";

/** A table of views that is written to. */
interface ViewTable {
  readonly database: Database;
  readonly writer: ViewWriter;
}

/** Writes a view in a transaction of its own. */
export async function writeView(
  { database, writer }: ViewTable,
  view: PreparedView,
  over: "lower" | "any",
  steps: Steps,
): Promise<ViewOutcome> {
  const write = (): ViewOutcome => {
    if (over === "lower") return writer.follow(view, undefined);
    writer.put(view);
    return "current";
  };
  try {
    return await steps.attempt(() => database.transaction(write));
  } catch (error) {
    if (error instanceof ConstraintError) return "refused";
    throw error;
  }
}

/** Writes views over lower versions, all in one transaction where nothing refuses any. */
export async function writeViews(
  table: ViewTable,
  views: readonly PreparedView[],
  steps: Steps,
): Promise<readonly ViewOutcome[]> {
  const { database, writer } = table;
  try {
    return await steps.attempt(() =>
      database.transaction(() => views.map((one) => writer.follow(one, undefined))),
    );
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
  }
  // a rule that somebody added to the table refuses one of them
  const outcomes: ViewOutcome[] = [];
  for (const one of views) outcomes.push(await writeView(table, one, "lower", steps));
  return outcomes;
}
