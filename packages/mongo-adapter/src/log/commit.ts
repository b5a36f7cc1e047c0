import {
  type Append,
  type EventLog,
  EverdraftError,
  type Outcome,
  type StoredEvent,
  TooLargeError,
  type ViewOutcome,
} from "@everdraft/core/adapter";
import type { CollectionOf } from "../connection/collection-of.ts";
import { durably } from "../connection/concerns.ts";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import { decideDuplicates } from "../errors/duplicates.ts";
import type { Attempted } from "../errors/error-meanings.ts";
import { outcomesOf } from "../errors/outcomes.ts";
import { storedNothing, translateError } from "../errors/translate-error.ts";
import type { SlotGuard } from "../indexes/index-guard.ts";
import { viewDocument } from "../views/view-document.ts";
import type { Views, ViewWrite } from "../views/view-steps.ts";
import { followViews } from "../views/view-writes.ts";
import { type EventDocument, eventDocument } from "./event-document.ts";

/** The connection and the collections that a commit writes to, and the guard that it asks first. */
export interface Target {
  readonly connection: Connection;
  readonly events: CollectionOf<EventDocument>;
  readonly views: Views;
  readonly guard: SlotGuard;
}

/** An append whose documents are made. */
export interface Prepared {
  readonly append: Append;
  readonly document: EventDocument;
}

const operation = "store events";
/** The outcome of events that were sent, until the answer is there. */
const notKnown: Outcome = { event: "unknown", cause: undefined };
const largestDocument = 16 * 1024 * 1024;

/**
 * The commit of a collection: one insert of all events, and then one bulk of the views of those that are
 * stored, so that no view of an event that lost is written.
 */
export function mongoCommit(target: Target): EventLog["commit"] {
  return (appends, order, { timeoutMs }) =>
    target.connection.run(operation, { timeoutMs }, async (deadline) => {
      const refusal = await guarded(target, deadline);
      if (refusal !== undefined) return appends.map(() => ({ event: "refused", error: refusal }));
      return prepareEach(target.connection, appends, order, async (prepared) => {
        const outcomes = await insert(target, prepared, order, deadline);
        return withViews(target, prepared, outcomes, deadline);
      });
    });
}

/** The reason why nothing may be written, or undefined. A guard that cannot look leaves the commit open. */
export async function guarded({ guard }: Target, deadline: CommandsDeadline): Promise<Error | undefined> {
  try {
    await guard.check(deadline);
    return undefined;
  } catch (error) {
    if (error instanceof EverdraftError) return error;
    throw error;
  }
}

/**
 * Makes the documents of appends and stores those that can be made; the others are refused. Of a chain
 * nothing behind one that is refused is sent.
 */
export async function prepareEach(
  connection: Connection,
  appends: readonly Append[],
  order: "independent" | "chain",
  store: (prepared: readonly Prepared[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const prepared: Prepared[] = [];
  const places: number[] = [];
  let broken = false;
  for (const append of appends) {
    const made = broken ? undefined : prepare(connection, append);
    if (made === undefined) outcomes.push({ event: "unsent" });
    else if (made instanceof EverdraftError) {
      outcomes.push({ event: "refused", error: made });
      broken = order === "chain";
    } else {
      prepared.push(made);
      places.push(outcomes.push(notKnown) - 1);
    }
  }
  const stored = prepared.length === 0 ? [] : await store(prepared);
  for (const [i, place] of places.entries()) outcomes[place] = stored[i] ?? notKnown;
  // a chain's refusal counts only where all before it are stored
  return order === "chain" ? afterFirstFailure(outcomes) : outcomes;
}

function afterFirstFailure(outcomes: readonly Outcome[]): readonly Outcome[] {
  const first = outcomes.findIndex(({ event }) => event !== "stored");
  return outcomes.map((outcome, i) =>
    i > first && first >= 0 && outcome.event === "refused" ? { event: "unsent" } : outcome,
  );
}

function prepare({ db, bson }: Connection, append: Append): Prepared | EverdraftError {
  const { event, view } = append;
  try {
    const document = eventDocument(event);
    refuseTooLarge("event", bson.calculateObjectSize(document), event);
    if (view?.state !== undefined)
      refuseTooLarge("state", bson.calculateObjectSize(viewDocument(view)), event);
    return { append, document };
  } catch (error) {
    // the driver's own classes refuse here the documents that they would refuse before they send
    if (!storedNothing(error)) throw error;
    return translateError(error, { operation, database: db.databaseName, timeoutMs: 0 });
  }
}

function refuseTooLarge(what: "event" | "state", bytes: number, event: StoredEvent): void {
  if (bytes > largestDocument)
    throw new TooLargeError({ what, bytes, limit: largestDocument, id: event.doc, form: "BSON" });
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

/** The attempt that messages about a commit name. */
export function attemptOf({ db }: Connection, { timeoutMs }: CommandsDeadline): Attempted {
  return { operation, database: db.databaseName, timeoutMs };
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
