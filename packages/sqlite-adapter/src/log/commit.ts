import {
  type Append,
  ConstraintError,
  type EventLog,
  type KnownView,
  type Outcome,
  pace,
  StorageError,
} from "@everdraft/core/adapter";
import type { Connection, Steps } from "../engine/connection.ts";
import type { Bound } from "../engine/engine.ts";
import { storedNothing } from "../errors/translate-error.ts";
import { idText } from "../id-text.ts";
import { type PreparedRows, prepareRowSet, rowWriters } from "../rows/row-writer.ts";
import { insertInto, quote, tableNames } from "../tables.ts";
import { type PreparedView, prepareView, viewWriter } from "../views/view-writer.ts";
import { eventColumns, eventValues, keyOf } from "./event-row.ts";
import { slotGuard } from "./slot-guard.ts";

/** So many events of different documents share a transaction at most. */
const together = 64;

/** An append as it is bound. */
interface Prepared {
  readonly doc: string;
  readonly key: string | null;
  readonly event: readonly Bound[];
  readonly view: PreparedView | undefined;
  readonly before: KnownView;
  readonly rows: readonly { readonly name: string; readonly set: PreparedRows }[] | undefined;
}

/** How far a transaction came when it ended: whether it was at rows, and whether its COMMIT was sent. */
interface Reached {
  atRows: boolean;
  commit: boolean;
}

/** The transaction begins, and an attempt before this one may have come farther. */
function beginAgain(reached: Reached): void {
  reached.atRows = false;
  reached.commit = false;
}

/** Whether an error is of one event of the transaction, so that the others can be stored without it. */
function isOfOneEvent(error: unknown, { commit }: Reached): error is StorageError | ConstraintError {
  return error instanceof ConstraintError || (error instanceof StorageError && !commit);
}

function prepare({ event, view, before, rows }: Append): Prepared {
  return {
    doc: idText(event.doc),
    key: keyOf(event.id),
    event: eventValues(event),
    view: view && prepareView(view),
    before,
    rows: rows?.map(({ name, set }) => ({ name, set: prepareRowSet(set) })),
  };
}

/**
 * The commit of a collection: one transaction for up to 64 events, their views and their rows, or for a chain. An error takes
 * all of it back, so it is the outcome of each of them: `refused` where that is sure (before the COMMIT, or locked for too long, full,
 * not to be written, damaged), else `unknown`. A trigger or constraint that somebody added to a table may refuse one
 * document, or fail on it; the others of the commit are then stored without it. An error of rows is no event's: the
 * transaction is sent again without them.
 */
export function sqliteCommit(connection: Connection, collection: string): EventLog["commit"] {
  const database = connection.database();
  const names = tableNames(collection);
  const insert = database.prepare(`INSERT ${insertInto(names.events, eventColumns)} ON CONFLICT DO NOTHING`);
  const sameId = database.prepare<{ found: number }>(
    `SELECT 1 AS found FROM ${quote(names.events)} WHERE doc = ? AND key = ?`,
  );
  const views = viewWriter(database, names.views);
  const rowsOf = rowWriters(database, collection);
  const checkSlots = slotGuard(database, names);

  const store = ({ doc, key, event, view, before, rows }: Prepared, reached: Reached): Outcome => {
    if (insert.run(...event) === 0) {
      return { event: "taken", by: key !== null && sameId.get(doc, key) !== undefined ? "id" : "slot" };
    }
    if (view === undefined) return { event: "stored" };
    // the row of a deleted document stays, so the stored view is never older than this one, unless it drifted
    const outcome: Outcome = { event: "stored", view: views.writeOver(view, before) };
    if (rows === undefined) return outcome;
    reached.atRows = true;
    for (const { name, set } of rows) rowsOf(name)(set, "lower");
    reached.atRows = false;
    return { ...outcome, rows: true };
  };

  const storeAll = (
    prepared: readonly Prepared[],
    order: "independent" | "chain",
    reached: Reached,
  ): readonly Outcome[] =>
    database.transaction(() => {
      beginAgain(reached);
      checkSlots();
      const outcomes: Outcome[] = [];
      let broken = false;
      for (const one of prepared) {
        const outcome: Outcome = broken ? { event: "unsent" } : store(one, reached);
        outcomes.push(outcome);
        broken = order === "chain" && outcome.event !== "stored";
      }
      reached.commit = true;
      return outcomes;
    });

  const commit: Commit = async (prepared, order, steps) => {
    // of this transaction alone: others run before its error is looked at
    const reached: Reached = { atRows: false, commit: false };
    try {
      return await steps.attempt(() => storeAll(prepared, order, reached));
    } catch (error) {
      if (reached.atRows) return commit(prepared.map(withoutRows), order, steps);
      if (!isOfOneEvent(error, reached)) return prepared.map(() => outcomeOf(error));
      if (order === "chain" || prepared.length === 1) return prepared.map((one) => refusal(error, one));
      const outcomes: Outcome[] = [];
      for (const one of prepared) outcomes.push(...(await commit([one], order, steps)));
      return outcomes;
    }
  };

  // without the signal: it never ends a write
  return (appends, order, { timeoutMs }) =>
    // encoded once, and before the file is locked
    connection.run("store events", { timeoutMs }, async (steps) =>
      inTransactions(commit, await prepareAll(appends), order, steps),
    );
}

/** One transaction. */
type Commit = (
  prepared: readonly Prepared[],
  order: "independent" | "chain",
  steps: Steps,
) => Promise<readonly Outcome[]>;

async function prepareAll(appends: readonly Append[]): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = [];
  for (const append of appends) {
    prepared.push(prepare(append));
    // a lone one goes on at once: whoever comes in between may take its slot
    if (appends.length > 1) await pace.turn();
  }
  return prepared;
}

/** Events of different documents in as many transactions as leave others their turn; a chain in one, with its view. */
async function inTransactions(
  commit: Commit,
  prepared: readonly Prepared[],
  order: "independent" | "chain",
  steps: Steps,
): Promise<readonly Outcome[]> {
  if (order === "chain") return commit(prepared, order, steps);
  const outcomes: Outcome[] = [];
  for (let from = 0; from < prepared.length; from += together) {
    if (from > 0) await pace.turn();
    outcomes.push(...(await commit(prepared.slice(from, from + together), order, steps)));
  }
  return outcomes;
}

function withoutRows(prepared: Prepared): Prepared {
  return { ...prepared, rows: undefined };
}

function outcomeOf(error: unknown): Outcome {
  return storedNothing(error) ? { event: "refused", error } : { event: "unknown", cause: error };
}

function refusal(error: ConstraintError | StorageError, { doc }: Prepared): Outcome {
  if (error instanceof StorageError) return { event: "refused", error };
  const { details, cause } = error;
  return { event: "refused", error: new ConstraintError({ ...details, id: doc }, { cause }) };
}
