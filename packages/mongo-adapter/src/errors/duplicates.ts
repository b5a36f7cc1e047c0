import { ConstraintError, type Outcome, type StoredEvent } from "@everdraft/core/adapter";
import type { CollectionOf } from "../connection/collection-of.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { SlotGuard } from "../indexes/index-guard.ts";
import type { EventDocument } from "../log/event-document.ts";
import { options } from "../log/event-log.ts";
import type { Duplicate } from "./outcomes.ts";

/** A log and the guard of its slots. */
interface Guarded {
  readonly events: CollectionOf<EventDocument>;
  readonly guard: SlotGuard;
}

/**
 * Decides the meaning of duplicates. The index over the slots may have any name, so names are compared with those that were
 * found. An event whose slot is taken lost a race, whatever index the server names. An event is refused only where its slot
 * is empty and another unique index refuses it.
 */
export async function decideDuplicates(
  target: Guarded,
  events: readonly StoredEvent[],
  outcomes: readonly (Outcome | Duplicate)[],
  deadline: CommandsDeadline,
): Promise<readonly Outcome[]> {
  const decided: Outcome[] = [];
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.event === "duplicate") decided.push(await decide(target, events[i], outcome, deadline));
    else decided.push(outcome);
  }
  return decided;
}

async function decide(
  { events, guard }: Guarded,
  event: StoredEvent | undefined,
  { index, error }: Duplicate,
  deadline: CommandsDeadline,
): Promise<Outcome> {
  if (index === "_id_" || index === "_id") return { event: "taken", by: "id" };
  // some servers name none: reading the slot decides
  if (index === undefined || event === undefined) return { event: "taken" };
  try {
    if (await guard.isSlotIndex(index, deadline)) return { event: "taken", by: "slot" };
    const { doc, version } = event;
    if ((await events.findOne({ doc, version }, options(deadline))) !== null) return { event: "taken" };
  } catch {
    // where this look fails, the decision is left to the caller's look at the slot
    return { event: "taken" };
  }
  const failure = {
    operation: "store an event",
    id: event.doc,
    reason: `the unique index ${JSON.stringify(index)} of the events, which is not the library's, refuses it`,
    remedy: "Take that index away.",
  };
  return { event: "refused", error: new ConstraintError(failure, { cause: error }) };
}
