import { ConstraintError } from "../errors/constraint-error.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { SchemaTooNewError } from "../errors/schema-too-new-error.ts";
import { ViewAheadError } from "../errors/view-ahead-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import { idKey } from "../model/document-id.ts";
import type { Limit } from "./limit.ts";
import { listChanges } from "./list-events.ts";
import type { Resources } from "./resources.ts";
import type { ViewKeeper } from "./view-keeper.ts";

/** What a sweep did. */
export interface Swept {
  /** How many documents were looked at. */
  readonly checked: number;
  /** How many of their views were brought forward. */
  readonly broughtForward: number;
}

const checkpointName = "sweep";
/**
 * Clocks may differ, and an event may be stored some time after it was stamped: so far back from the mark the
 * sweep looks.
 */
export const lookBackMs: number = 60_000 + 10_000;

/**
 * Brings the views forward of documents with events since the last sweep, less tolerance. Views that are
 * behind for longer are found by reading or verifying their documents.
 */
export async function sweep(resources: Resources, views: ViewKeeper, limit: Limit): Promise<Swept> {
  const { checkpoints } = await resources.opened(limit);
  const startedAt = resources.clock.now();
  const mark = (await checkpoints.get(checkpointName, limit.call()))?.at;
  const from = typeof mark === "number" ? { from: new Date(Math.max(0, mark - lookBackMs)) } : {};
  const seen = new Map<string, DocumentId>();
  const anyEvent = { by: undefined, type: undefined, path: undefined, blanks: true };
  for await (const { doc } of listChanges(resources, { ...from, order: "oldest" }, anyEvent, limit))
    seen.set(idKey(doc), doc);
  let broughtForward = 0;
  for (const doc of seen.values()) if (await bringForward(resources, views, doc, limit)) broughtForward++;
  await checkpoints.put(checkpointName, { at: startedAt }, limit.call());
  return { checked: seen.size, broughtForward };
}

/** One document that is damaged, or refused, keeps no sweep from the others: it is told of, and is left to verify and repair. */
async function bringForward(
  resources: Resources,
  views: ViewKeeper,
  doc: DocumentId,
  limit: Limit,
): Promise<boolean> {
  try {
    return await views.bringForward(doc, limit);
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    resources.notice({ type: "sweep-failed", cause });
    return false;
  }
}

function isDamage(error: unknown): boolean {
  const damages = [
    ...[ConstraintError, DriftError, ViewAheadError, CorruptEventError, FormatTooNewError],
    // rows need the state, which this store's schema may not read
    ...[SchemaTooNewError, MigrationError],
  ];
  return damages.some((damage) => error instanceof damage);
}
