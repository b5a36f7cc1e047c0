import type { Outcome, ViewOutcome } from "@everdraft/core/adapter";
import { commandOperation, sendBulkCommand } from "../connection/bulk-command.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { Document } from "../connection/driver.ts";
import { type BulkReply, bulkReply } from "../errors/bulk-reply.ts";
import { decideDuplicates } from "../errors/duplicates.ts";
import { type Duplicate, refusalOutcome } from "../errors/outcomes.ts";
import { refusesCommand, storedNothing, translateError } from "../errors/translate-error.ts";
import { type SendStep, stepOverKnown, type ViewWrite } from "../views/view-steps.ts";
import { followSent } from "../views/view-writes.ts";
import { attemptOf, largestDocument, type Prepared, type Target } from "./prepare.ts";

/** The server refused the command as a whole. */
export interface Refused {
  readonly kind: "refused";
  /** Whether surely nothing of it is stored. */
  readonly storedNothing: boolean;
  readonly cause: Error;
}

/** The outcomes of events that were sent with their view. */
interface Answered {
  readonly kind: "answered";
  readonly outcomes: readonly Outcome[];
}

/** A view that is sent behind its events. */
interface Sending {
  readonly write: ViewWrite;
  readonly step: SendStep;
  readonly operations: readonly Document[];
}

/** A command is a document itself: room is left for its names and concerns. */
const largestCommand = largestDocument - 64 * 1024;
/** The names and numbers around a document in the list of operations, at most. */
const bytesBesides = 64;

/**
 * Stores the events of one document and their view by one command, in order: the view behind the events, so that none is
 * written of an event that lost. The view's operation is that which its writer would send on its own. Undefined where the
 * server does not have the command, where the view has to be looked at first, and where it is too large for one.
 */
export async function commitTogether(
  target: Target,
  prepared: readonly Prepared[],
  deadline: CommandsDeadline,
): Promise<Answered | Refused | undefined> {
  const { connection, events, views } = target;
  const sending = sendingOf(target, prepared);
  if (sending === undefined) return undefined;
  const namespaces = [events, views].map(
    ({ collectionName }) => `${connection.db.databaseName}.${collectionName}`,
  );
  let reply: BulkReply;
  try {
    reply = bulkReply(await sendBulkCommand(connection, namespaces, sending.operations, deadline));
  } catch (error) {
    const cause = translateError(error, attemptOf(connection, deadline));
    if (refusesCommand(error)) return { kind: "refused", storedNothing: storedNothing(error), cause };
    connection.noteChange();
    return { kind: "answered", outcomes: prepared.map(() => ({ event: "unknown", cause })) };
  }
  const outcomes = await eventOutcomes(target, prepared, reply, deadline);
  const last = outcomes.at(-1);
  if (last?.event !== "stored") return { kind: "answered", outcomes };
  const view = await viewOutcome(target, sending, reply, deadline);
  return { kind: "answered", outcomes: [...outcomes.slice(0, -1), { event: "stored", view }] };
}

/** The view's operation behind those of the events; undefined where they are no one command. */
function sendingOf({ connection, bulkCommand }: Target, prepared: readonly Prepared[]): Sending | undefined {
  const last = prepared.at(-1);
  if (!bulkCommand.isTaken() || last?.append.view === undefined) return undefined;
  const { view, before } = last.append;
  try {
    const step = stepOverKnown({ view, before });
    const ofView = step?.kind === "send" ? commandOperation(step.operation, 1) : undefined;
    if (step?.kind !== "send" || ofView === undefined) return undefined;
    const viewBytes = step.guarded ? connection.bson.calculateObjectSize(ofView) : last.viewBytes;
    const bytes = prepared.reduce((sum, { eventBytes }) => sum + eventBytes + bytesBesides, viewBytes);
    if (bytes > largestCommand) return undefined;
    const operations = prepared.map(({ document }): Document => ({ insert: 0, document }));
    return { write: { view, before }, step, operations: [...operations, ofView] };
  } catch {
    // a view that no operation can be made of fails no event
    return undefined;
  }
}

async function eventOutcomes(
  target: Target,
  prepared: readonly Prepared[],
  { met, failed, lostConcern }: BulkReply,
  deadline: CommandsDeadline,
): Promise<readonly Outcome[]> {
  const { connection } = target;
  const attempt = attemptOf(connection, deadline);
  if (lostConcern !== undefined) {
    connection.noteChange();
    const cause = translateError(lostConcern, attempt);
    return prepared.map(() => ({ event: "unknown", cause }));
  }
  let broken = false;
  const found = prepared.map((_, i): Outcome | Duplicate => {
    if (broken) return { event: "unsent" };
    const error = failed.get(i);
    broken = error !== undefined;
    if (error !== undefined) return refusalOutcome(error, attempt);
    return met.get(i) === 1 ? { event: "stored" } : { event: "unknown", cause: undefined };
  });
  const sent = prepared.map(({ append }) => append.event);
  const outcomes = await decideDuplicates(target, sent, found, deadline);
  if (outcomes.some(({ event }) => event === "unknown")) connection.noteChange();
  return outcomes;
}

/** An event that is stored is a success whatever becomes of its view. */
async function viewOutcome(
  { views }: Target,
  { write, step, operations }: Sending,
  { met, failed }: BulkReply,
  deadline: CommandsDeadline,
): Promise<ViewOutcome> {
  const place = operations.length - 1;
  const [error, count] = [failed.get(place), met.get(place)];
  if (error === undefined && count === undefined) return "behind";
  try {
    return await followSent(views, { write, step, error, met: count === 1 }, deadline);
  } catch {
    return "behind";
  }
}
