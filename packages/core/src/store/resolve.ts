import { ConflictError } from "../errors/conflict-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { newId } from "../model/event-id.ts";
import type { Act } from "./act.ts";
import type { DocumentQueues } from "./document-queues.ts";
import type { Limit } from "./limit.ts";
import { replay } from "./replay.ts";
import type { Resources } from "./resources.ts";
import type { Written } from "./results.ts";
import type { Applied } from "./waiting-call.ts";

/** What became of a write whose outcome was open: it is stored (with its result), it never will be, or that is still open. */
export type Resolved<T, Id = string> =
  | { readonly outcome: "stored"; readonly result: Written<T, Id> }
  | { readonly outcome: "never" }
  | { readonly outcome: "open" };

/** A write by its event's id and the slot that it was sent to. */
export interface OpenWrite {
  readonly eventId: string;
  readonly version: number;
}

/** What the log says of an open write: the event where it is stored, `taken` where its slot is another's, `open` where it is empty. */
export async function lookUp(
  resources: Resources,
  doc: DocumentId,
  write: OpenWrite,
  limit: Limit,
): Promise<Applied | "taken" | "open"> {
  const { log } = await resources.opened(limit);
  const { version, eventId } = write;
  const [occupant] = await log.read(doc, { from: version, to: version, limit: 1 }, limit.call());
  // a key may have been stored in another slot by another process
  const own = occupant?.id === eventId ? occupant : await log.byId(doc, eventId, limit.call());
  if (own !== undefined) return stored(resources, doc, own, limit);
  return occupant === undefined ? "open" : "taken";
}

async function stored(
  resources: Resources,
  doc: DocumentId,
  event: StoredEvent,
  limit: Limit,
): Promise<Applied> {
  const { folded } = await replay(resources, doc, { version: event.version }, limit);
  return { folded, event, view: "current" };
}

/** An event without patches, which only closes the next slot. */
const closing: Act = {
  type: "blank",
  readsLog: false,
  decide: ({ schema, version }) => (version === 0 ? undefined : { type: "blank", patches: [], schema }),
};

/** Closes the slots up to an open write's own by blank events, so that it can never be stored any more. */
export async function settle(
  resources: Resources,
  queues: DocumentQueues,
  doc: DocumentId,
  user: DocumentId,
  write: OpenWrite,
  limit: Limit,
): Promise<Applied | "taken" | "open"> {
  for (;;) {
    const found = await lookUp(resources, doc, write, limit);
    if (found !== "open") return found;
    const { log } = await resources.opened(limit);
    const head = (await log.head(doc, 0, limit.call()))?.version ?? 0;
    // before the first event there is nothing to close: a blank would make a document out of nothing
    if (head === 0) return "open";
    const signature = { eventId: newId(), user, reason: undefined, meta: undefined };
    try {
      await queues.write({
        ...{ doc, act: closing, signature, keyed: false, expectedVersion: head },
        ...{ acceptFutureHead: true, limit },
      });
    } catch (error) {
      // somebody else filled the slot, perhaps the open write itself: look again
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
