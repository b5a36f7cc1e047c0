import { onDocument } from "../context/on-document.ts";
import { ClockSkewError } from "../errors/clock-skew-error.ts";
import { ConflictError } from "../errors/conflict-error.ts";
import { NotAdoptedError } from "../errors/not-adopted-error.ts";
import { TooLargeError } from "../errors/too-large-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import { deadlineOfCall } from "../port/deadline.ts";
import { viewRefused } from "../views/view-refused.ts";
import type { StoreParts } from "../write/store-parts.ts";
import { migrating } from "./migrating.ts";
import { orDamage, type Tried } from "./rebuild/rebuild-document.ts";

/** The result of migrating one document. */
export type Migrated = Tried<"written" | "same">;

/** Who migrates, and why. */
export interface Migrating {
  readonly user: DocumentId;
  readonly reason: string | undefined;
  /** The id of the act that the events of the whole run share. */
  readonly act: string;
  readonly timeoutMs: number | undefined;
}

/** Brings one document up, through its queue like any edit. */
export async function migrateDocument(
  { resources, queues }: StoreParts,
  doc: DocumentId,
  { user, reason, act, timeoutMs }: Migrating,
): Promise<Migrated> {
  const migrateOne = async (): Promise<"written" | "same"> => {
    const deadline = deadlineOfCall({ ...(timeoutMs !== undefined && { timeoutMs }) }, doc);
    const { folded, event, view } = await queues.write({
      doc,
      act: migrating(resources, doc, act),
      keyed: false,
      deadline,
      acceptFutureHead: false,
      expectedVersion: undefined,
      retries: undefined,
      signature: { eventId: resources.newEventId(), user, reason, meta: undefined },
    });
    if (view === "refused") {
      const { views } = await resources.opened(deadline);
      throw await viewRefused(onDocument(resources, doc, deadline), views, folded.version);
    }
    return event === undefined ? "same" : "written";
  };
  return orDamage(migrateOne, [ClockSkewError, ConflictError, NotAdoptedError, TooLargeError]);
}
