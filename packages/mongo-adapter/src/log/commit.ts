import type { EventLog, Outcome, ViewOutcome } from "@everdraft/core/adapter";
import { durably } from "../connection/concerns.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import { decideDuplicates } from "../errors/duplicates.ts";
import { outcomesOf } from "../errors/outcomes.ts";
import type { Views, ViewWrite } from "../views/view-steps.ts";
import { followViews } from "../views/view-writes.ts";
import { commitTogether, type Refused } from "./commit-together.ts";
import { attemptOf, guarded, type Prepared, prepareEach, type Target } from "./prepare.ts";

/**
 * The commit of a collection. The events of one document are sent with their view as one command where the server takes
 * that. Else it is one insert of all events, and then one bulk of the views of those that are stored, so that no view of an
 * event that lost is written.
 */
export function mongoCommit(target: Target): EventLog["commit"] {
  return (appends, order, { timeoutMs }) =>
    target.connection.run("store events", { timeoutMs }, async (deadline) => {
      const refusal = await guarded(target, deadline);
      if (refusal !== undefined) return appends.map(() => ({ event: "refused", error: refusal }));
      return prepareEach(target.connection, appends, order, async (prepared) => {
        const isOfOne = order === "chain" || prepared.length === 1;
        const tried = isOfOne ? await commitTogether(target, prepared, deadline) : undefined;
        if (tried?.kind === "answered") return tried.outcomes;
        const inserted = await insert(target, prepared, order, deadline);
        const outcomes = tried === undefined ? inserted : afterRefusal(target, tried, inserted);
        return withViews(target, prepared, outcomes, deadline);
      });
    });
}

/**
 * The outcomes of an insert behind a command that the server refused. Where the insert is carried out, the server does not
 * take the command, and is not asked for it again. A refusal says nothing of a command whose own outcome is open.
 */
function afterRefusal(
  { bulkCommand }: Target,
  { storedNothing, cause }: Refused,
  outcomes: readonly Outcome[],
): readonly Outcome[] {
  if (outcomes.some(({ event }) => event === "stored" || event === "taken")) bulkCommand.giveUp();
  if (storedNothing) return outcomes;
  return outcomes.map((outcome) =>
    outcome.event === "refused" ? { event: "unknown", cause: cause } : outcome,
  );
}

async function insert(
  target: Target,
  prepared: readonly Prepared[],
  order: "independent" | "chain",
  deadline: CommandsDeadline,
): Promise<readonly Outcome[]> {
  const { connection, events } = target;
  const options = { ordered: order === "chain", ...durably(deadline) };
  try {
    await events.insertMany(
      prepared.map(({ document }) => document),
      options,
    );
    return prepared.map(() => ({ event: "stored" }));
  } catch (error) {
    const sent = prepared.map(({ append }) => append.event);
    const found = outcomesOf(error, sent, order, attemptOf(connection, deadline));
    const outcomes = await decideDuplicates(target, sent, found, deadline);
    if (outcomes.some(({ event }) => event === "unknown")) connection.noteChange();
    return outcomes;
  }
}

async function withViews(
  target: Target,
  prepared: readonly Prepared[],
  outcomes: readonly Outcome[],
  deadline: CommandsDeadline,
): Promise<readonly Outcome[]> {
  const due = prepared.flatMap(({ append: { view, before } }, i) =>
    outcomes[i]?.event === "stored" && view !== undefined ? [{ i, view, before }] : [],
  );
  if (due.length === 0) return outcomes;
  const written = await tryViews(target.views, due, deadline);
  const viewAt = new Map(due.map(({ i }, place) => [i, written[place] ?? "behind"]));
  return outcomes.map((outcome, i): Outcome => {
    const view = viewAt.get(i);
    return view === undefined ? outcome : { event: "stored", view };
  });
}

/** An event that is stored is a success whatever becomes of its view. */
async function tryViews(
  views: Views,
  wanted: readonly ViewWrite[],
  deadline: CommandsDeadline,
): Promise<readonly ViewOutcome[]> {
  try {
    return await followViews(views, wanted, deadline);
  } catch {
    return wanted.map(() => "behind");
  }
}
