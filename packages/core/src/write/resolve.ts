import type { Act } from "../acts/act.ts";
import type { OnDocument } from "../context/on-document.ts";
import type { Written } from "../context/results.ts";
import { ConflictError } from "../errors/conflict-error.ts";
import { VersionAheadError } from "../errors/version-ahead-error.ts";
import { replay } from "../history/replay.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { blankOn } from "./plan-chain.ts";
import type { StoreParts } from "./store-parts.ts";
import type { Applied } from "./waiting-call.ts";

/** The outcome of a write that was in doubt: it is stored (with its result), it never will be, or that is still open. */
export type Resolved<S, Id = string> =
  | { readonly outcome: "stored"; readonly result: Written<S, Id> }
  | { readonly outcome: "never" }
  | { readonly outcome: "open" };

/** A write by its event's id and the slot that it was sent to. */
export interface OpenWrite {
  readonly eventId: string;
  readonly version: number;
}

/**
 * The log's answer about an open write: the event where it is stored, `taken` where its slot is another's, `open` where
 * it is empty.
 */
export async function lookUp(
  parts: StoreParts,
  on: OnDocument,
  write: OpenWrite,
): Promise<Applied | "taken" | "open"> {
  const { version, eventId } = write;
  const occupant = await on.event(version);
  // a key may have been stored in another slot by another process
  const own = occupant?.id === eventId ? occupant : await on.byId(eventId);
  if (own !== undefined) return stored(parts, on, own);
  return occupant === undefined ? "open" : "taken";
}

async function stored(parts: StoreParts, on: OnDocument, event: StoredEvent): Promise<Applied> {
  const { folded } = await replay(on, { version: event.version });
  // nobody saw to its view after the call had ended
  return { folded, event, view: await parts.views.follow(on, folded, undefined) };
}

/** An event without patches, which only closes the next slot. */
function closing(schemaVersion: number): Act {
  return {
    kind: "settle",
    readsLog: false,
    decide: (base) => ({ ...blankOn(base), ...(base.version === 0 && { schema: schemaVersion }) }),
  };
}

/** No batch is so long that an event of it could be sent to a slot farther from the head. */
const farthestSlot = 1_000;

/** Closes the slots up to an open write's own by blank events, so that it can never be stored any more. */
export async function settle(
  parts: StoreParts,
  on: OnDocument,
  user: DocumentId,
  write: OpenWrite,
): Promise<Applied | "taken" | "open"> {
  const { resources, queues } = parts;
  const { doc, deadline } = on;
  const act = closing(resources.schema.version);
  for (;;) {
    const found = await lookUp(parts, on, write);
    if (found !== "open") return found;
    const head = (await on.head(0))?.version ?? 0;
    if (write.version > head + farthestSlot)
      throw new VersionAheadError({ id: doc, version: write.version, head });
    // filled since it was looked at
    if (write.version <= head) continue;
    const signature = { eventId: resources.newEventId(), user, reason: undefined, meta: undefined };
    try {
      await queues.write({
        doc,
        act,
        signature,
        keyed: false,
        expectedVersion: head,
        retries: 0,
        acceptFutureHead: true,
        deadline,
      });
    } catch (error) {
      // somebody else filled the slot, perhaps the open write itself: look again
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
