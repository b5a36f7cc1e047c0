import {
  type Append,
  EverdraftError,
  type Outcome,
  type StoredEvent,
  TooLargeError,
} from "@everdraft/core/adapter";
import type { BulkCommand } from "../connection/bulk-command.ts";
import type { CollectionOf } from "../connection/collection-of.ts";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { Attempted } from "../errors/error-meanings.ts";
import { storedNothing, translateError } from "../errors/translate-error.ts";
import type { SlotGuard } from "../indexes/index-guard.ts";
import { viewDocument } from "../views/view-document.ts";
import type { Views } from "../views/view-steps.ts";
import { type EventDocument, eventDocument } from "./event-document.ts";

/** The connection and the collections that a commit writes to, and the guard that it asks first. */
export interface Target {
  readonly connection: Connection;
  readonly events: CollectionOf<EventDocument>;
  readonly views: Views;
  readonly guard: SlotGuard;
  /** Whether an event and its view may be sent as one command. */
  readonly bulkCommand: BulkCommand;
}

/** An append whose documents are made. */
export interface Prepared {
  readonly append: Append;
  readonly document: EventDocument;
  /** The size of the event's document, in bytes. */
  readonly eventBytes: number;
  /** The size of the view's whole document, in bytes; 0 where it has none. */
  readonly viewBytes: number;
}

const operation = "store events";
/** The outcome of events that were sent, until the answer is there. */
const notKnown: Outcome = { event: "unknown", cause: undefined };
/** The largest document that MongoDB stores, in bytes. */
export const largestDocument: number = 16 * 1024 * 1024;

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
    const eventBytes = bson.calculateObjectSize(document);
    refuseTooLarge("event", eventBytes, event);
    const viewBytes = view?.state === undefined ? 0 : bson.calculateObjectSize(viewDocument(view));
    refuseTooLarge("state", viewBytes, event);
    return { append, document, eventBytes, viewBytes };
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

/** The attempt that messages about a commit name. */
export function attemptOf({ db }: Connection, { timeoutMs }: CommandsDeadline): Attempted {
  return { operation, database: db.databaseName, timeoutMs };
}
