import type { Append, EventLog, Outcome } from "@everdraft/core/adapter";
import type { Connection } from "./connection.ts";
import type { Bound } from "./database.ts";
import { eventColumns, eventValues } from "./event-row.ts";
import { idText } from "./id-text.ts";
import { quote, type TableNames } from "./tables.ts";
import { storedNothing } from "./translate-error.ts";
import { viewValues, viewWriter } from "./view-row.ts";

/** An append as it is bound. */
interface Prepared {
  readonly doc: string;
  readonly id: string;
  readonly event: readonly Bound[];
  readonly view: readonly Bound[] | undefined;
}

function prepare({ event, view }: Append): Prepared {
  return {
    doc: idText(event.doc),
    id: event.id,
    event: eventValues(event),
    view: view && viewValues(view),
  };
}

/**
 * The commit of a collection: one transaction for all its events and their views. An error takes all of it back, so it is the outcome
 * of every event: `refused` where that is sure (locked for too long, full, read-only, damaged), else `unknown`.
 */
export function sqliteCommit(connection: Connection, names: TableNames): EventLog["commit"] {
  const database = connection.database();
  const events = quote(names.events);
  const insert = database.prepare(
    `INSERT INTO ${events} (${eventColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const sameId = database.prepare<{ found: number }>(
    `SELECT 1 AS found FROM ${events} WHERE doc = ? AND id = ?`,
  );
  const writeView = viewWriter(database, names.views);

  const store = ({ doc, id, event, view }: Prepared): Outcome => {
    if (insert.run(...event) === 0) {
      return { event: "taken", by: sameId.get(doc, id) === undefined ? "slot" : "id" };
    }
    if (view === undefined) return { event: "stored" };
    writeView(view, "lower");
    // rows of deleted documents stay, so what is there now is never older than this view
    return { event: "stored", view: "current" };
  };

  return async (appends, order, { timeoutMs }) => {
    // encoded once, and before the file is locked
    const prepared = appends.map(prepare);
    const storeAll = (): readonly Outcome[] =>
      database.transaction(() => {
        const outcomes: Outcome[] = [];
        for (const one of prepared) {
          const broken = order === "chain" && outcomes.some(({ event }) => event !== "stored");
          outcomes.push(broken ? { event: "unsent" } : store(one));
        }
        return outcomes;
      });
    // without the signal: it never ends a write
    return connection.run("store events", { timeoutMs }, async ({ attempt }) => {
      try {
        return await attempt(storeAll);
      } catch (error) {
        const outcome: Outcome = storedNothing(error)
          ? { event: "refused", error }
          : { event: "unknown", cause: error };
        return prepared.map(() => outcome);
      }
    });
  };
}
