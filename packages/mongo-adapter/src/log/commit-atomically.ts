import { setTimeout as delay } from "node:timers/promises";
import { ConstraintError, type EventLog, type Outcome, type ViewOutcome } from "@everdraft/core/adapter";
import { readConcern, writeConcern } from "../connection/concerns.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { MongoSession } from "../connection/driver.ts";
import { wasGivenUp } from "../connection/reconnect.ts";
import { bulkErrors } from "../errors/bulk-errors.ts";
import { codeOf, hasLabel } from "../errors/driver-errors.ts";
import { decideDuplicates } from "../errors/duplicates.ts";
import { outcomesOf } from "../errors/outcomes.ts";
import { explainRefusal } from "../errors/refusals.ts";
import { mayPass, translateError } from "../errors/translate-error.ts";
import { isOfContent } from "../errors/write-verdict.ts";
import { indexesOf } from "../indexes/index-guard.ts";
import { namesIn } from "../indexes/index-names.ts";
import type { ViewWrite } from "../views/view-steps.ts";
import { writeInTransaction } from "../views/view-writes.ts";
import { attemptOf, guarded, type Prepared, prepareEach, type Target } from "./prepare.ts";

/** The append that ended a try of a transaction, and its outcome. */
interface Stopped {
  readonly kind: "stopped";
  readonly place: number;
  readonly outcome: Outcome;
}

/** A transaction that was committed, and the outcome of the view of each append. */
interface Committed {
  readonly kind: "committed";
  readonly views: readonly (ViewOutcome | undefined)[];
}

/** A transaction that did not take place, or nobody knows whether it did: the outcome is that of every append. */
interface Ended {
  readonly kind: "ended";
  readonly outcome: Exclude<Outcome, { readonly event: "stored" }>;
}

/**
 * The commit with atomicViews: events and views in one transaction. An event whose slot is taken, or whose
 * view is refused, takes the transaction back, so the others are stored by another one without it.
 */
export function atomicCommit(target: Target): EventLog["commit"] {
  return (appends, order, { timeoutMs }) =>
    target.connection.run("store events", { timeoutMs }, async (deadline) => {
      const refusal = await guarded(target, deadline);
      if (refusal !== undefined) return appends.map(() => ({ event: "refused", error: refusal }));
      return prepareEach(target.connection, appends, order, (prepared) =>
        storeAll(target, prepared, order, deadline),
      );
    });
}

async function storeAll(
  target: Target,
  prepared: readonly Prepared[],
  order: "independent" | "chain",
  deadline: CommandsDeadline,
): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = prepared.map(() => undefined);
  for (;;) {
    const open = prepared.flatMap((one, place) => (outcomes[place] === undefined ? [{ one, place }] : []));
    if (open.length === 0) return outcomes.flatMap((outcome) => outcome ?? []);
    const sent = open.map(({ one }) => one);
    const tried = await tryUntilDecided(target, sent, deadline);
    if (tried.kind !== "stopped") {
      for (const [i, { place }] of open.entries()) {
        outcomes[place] = tried.kind === "committed" ? storedWith(tried.views[i]) : tried.outcome;
      }
    } else {
      const at = open[tried.place]?.place ?? 0;
      outcomes[at] = tried.outcome;
      if (order === "chain") for (let i = at + 1; i < outcomes.length; i++) outcomes[i] = { event: "unsent" };
    }
  }
}

function storedWith(view: ViewOutcome | undefined): Outcome {
  return view === undefined ? { event: "stored" } : { event: "stored", view };
}

/** Repeats a transaction as long as the server says that it may succeed. */
async function tryUntilDecided(
  target: Target,
  prepared: readonly Prepared[],
  deadline: CommandsDeadline,
): Promise<Stopped | Committed | Ended> {
  for (let tries = 1; ; tries++) {
    const session = target.connection.db.client.startSession();
    try {
      session.startTransaction({ readConcern, writeConcern, readPreference: "primary" });
      const written = await writeAll(target, prepared, session, deadline);
      if (written.kind === "stopped") return written;
      const cause = await commitTransaction(target, session, deadline);
      return cause === undefined ? written : { kind: "ended", outcome: { event: "unknown", cause } };
    } catch (error) {
      const { cause } = bulkErrors(error);
      if (wasGivenUp(target.connection.db.client, cause)) throw cause;
      // the commit was not sent, or the server says that it did not take place: nothing is stored, whatever the code
      if (!(isTransient(error) || isTransient(cause) || mayPass(cause)) || deadline.over()) {
        const refusal = translateError(cause, attemptOf(target.connection, deadline));
        return { kind: "ended", outcome: { event: "refused", error: refusal } };
      }
      await delay(Math.random() * Math.min(200, 2 ** tries));
    } finally {
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      await session.endSession();
    }
  }
}

function isTransient(error: unknown): boolean {
  return hasLabel(error, "TransientTransactionError");
}

async function writeAll(
  target: Target,
  prepared: readonly Prepared[],
  session: MongoSession,
  deadline: CommandsDeadline,
): Promise<Stopped | Committed> {
  const { events, connection } = target;
  try {
    await events.insertMany(
      prepared.map(({ document }) => document),
      { session, ordered: true },
    );
  } catch (error) {
    const { writeErrors } = bulkErrors(error);
    const [first] = writeErrors;
    if (first === undefined) throw error;
    const sent = prepared.map(({ append }) => append.event);
    const attempt = { operation: "store events", database: connection.db.databaseName, timeoutMs: 0 };
    const found = outcomesOf(error, sent, "chain", attempt);
    const outcome = (await decideDuplicates(target, sent, found, deadline))[first.index];
    if (outcome === undefined || mayPass(first)) throw first;
    if (outcome.event !== "unknown") return { kind: "stopped", place: first.index, outcome };
    // without a commit no doubt is left
    return {
      kind: "stopped",
      place: first.index,
      outcome: { event: "refused", error: translateError(first, attempt) },
    };
  }
  const written: (ViewOutcome | undefined)[] = [];
  for (const [place, { append }] of prepared.entries()) {
    const { view, before } = append;
    const outcome = view && (await writeView(target, { view, before }, session, deadline));
    if (typeof outcome === "object")
      return { kind: "stopped", place, outcome: { event: "refused", error: outcome } };
    written.push(outcome);
  }
  return { kind: "committed", views: written };
}

/** Writes a view within the transaction; gives back why the collection will not take it. */
async function writeView(
  { views }: Target,
  write: ViewWrite,
  session: MongoSession,
  deadline: CommandsDeadline,
): Promise<ViewOutcome | ConstraintError> {
  const { view } = write;
  try {
    return await writeInTransaction(views, write, session);
  } catch (thrown) {
    const { cause, writeErrors } = bulkErrors(thrown);
    const error = writeErrors[0] ?? cause;
    const code = codeOf(error);
    if (isTransient(thrown) || isTransient(cause) || code === undefined || !isOfContent(code)) throw thrown;
    const text = writeErrors[0]?.errmsg ?? (error instanceof Error ? error.message : "");
    const refused = { code, named: namesIn(text) };
    const { reason } = explainRefusal(refused, await indexesOf(views, deadline));
    const failure = {
      operation: "write the view",
      id: view.id,
      where: `to the collection ${JSON.stringify(views.collectionName)}`,
      reason: `it refuses it, so the event was not stored either: ${reason}`,
      remedy: "Store something else, or change the collection.",
    };
    return new ConstraintError(failure, { cause });
  }
}

/**
 * Commits, again while the answer is lost: a transaction is committed once however often it is asked for. Gives back why
 * nobody knows whether it was, where that is so.
 */
async function commitTransaction(
  { connection }: Target,
  session: MongoSession,
  deadline: CommandsDeadline,
): Promise<Error | undefined> {
  for (;;) {
    try {
      await session.commitTransaction();
      return undefined;
    } catch (error) {
      if (hasLabel(error, "TransientTransactionError")) throw error;
      if (!hasLabel(error, "UnknownTransactionCommitResult") || deadline.over()) {
        return translateError(error, attemptOf(connection, deadline));
      }
      await delay(20);
    }
  }
}
