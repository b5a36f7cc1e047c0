import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { EverdraftError } from "../errors/everdraft-error.ts";
import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { ProjectionError } from "../errors/projection-error.ts";
import { SchemaTooNewError } from "../errors/schema-too-new-error.ts";
import { ViewAheadError } from "../errors/view-ahead-error.ts";
import { fold } from "../fold/fold.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import { sameValue } from "../model/value.ts";
import type { RowSet } from "../port/row-store.ts";
import type { View } from "../port/view.ts";
import type { AnyProjection } from "../projection/define-projection.ts";
import { viewOf } from "../projection/view-of.ts";
import { checkView } from "../store/check-view.ts";
import type { Limit } from "../store/limit.ts";
import type { StoreParts } from "../store/parts.ts";
import { projectDocument } from "../store/project-document.ts";
import { repairView } from "../store/repair.ts";
import { replay } from "../store/replay.ts";
import { clearFailure, noteFailure } from "../store/row-failures.ts";

/** What rebuilding one document came to. */
export type Rebuilt = "written" | "same" | { readonly error: EverdraftError };

/** Histories up to this many events are folded from one read. */
const shortHistory = 256;

/** A document as its log gives it, whatever its view says. */
async function foldDocument({ resources }: StoreParts, doc: DocumentId, limit: Limit): Promise<Folded> {
  const { log } = await resources.opened(limit);
  const range = { from: 1, to: Number.MAX_SAFE_INTEGER, limit: shortHistory };
  const events = await log.read(doc, range, limit.call());
  if (events.length < shortHistory) return fold(nothing, events, doc, resources.types);
  const head = await log.head(doc, shortHistory, limit.call());
  return (await replay(resources, doc, { version: head?.version ?? shortHistory }, limit)).folded;
}

/** Makes the view of a document what its log gives, where it is not. */
export async function rebuildView(
  parts: StoreParts,
  doc: DocumentId,
  view: View | undefined,
  limit: Limit,
): Promise<Rebuilt> {
  return orDamage(async () => {
    const { resources } = parts;
    const folded = await foldDocument(parts, doc, limit);
    const finding = checkView(folded, view, resources.types);
    if (finding === undefined) return "same";
    if (finding.kind === "cut") {
      // since the view was read its log may have grown
      const [now] = await (await resources.opened(limit)).views.get([doc], limit.call());
      const again = checkView(await foldDocument(parts, doc, limit), now, resources.types);
      if (again?.kind !== "cut") return rebuildView(parts, doc, now, limit);
      return { error: aheadOf(doc, view, folded) };
    }
    if (finding.kind !== "behind") await repairView(resources, doc, limit);
    else await writeView(parts, doc, folded, limit);
    return "written";
  });
}

async function writeView(
  { resources, views }: StoreParts,
  doc: DocumentId,
  folded: Folded,
  limit: Limit,
): Promise<void> {
  const stored = await resources.opened(limit);
  const outcome = await stored.views.write(viewOf(folded, doc, resources.types), "lower", limit.call());
  // a document that was deleted meanwhile must not come back
  if (outcome !== "current") await views.bringForward(doc, limit);
}

function aheadOf(doc: DocumentId, view: View | undefined, folded: Folded): ViewAheadError {
  const details = { id: doc, view: view?.version ?? 0, head: folded.version };
  return new ViewAheadError(
    "The view is above its log. Restore the log, or let repair rewrite the view.",
    details,
  );
}

/** Makes the rows of a document what the projection gives of its log, where they are not. */
export async function rebuildRows(
  parts: StoreParts,
  projection: AnyProjection,
  doc: DocumentId,
  before: RowSet | undefined,
  hadFailed: boolean,
  limit: Limit,
): Promise<Rebuilt> {
  const { resources, rows } = parts;
  const { name, version } = projection;
  const { checkpoints } = await resources.opened(limit);
  const rebuilt = await orDamage(async () => {
    const { log } = await resources.opened(limit);
    let found = before;
    for (let wrote = false; ; wrote = true) {
      const folded = await foldDocument(parts, doc, limit);
      const set = await projectDocument(resources, projection, doc, folded, undefined, limit);
      const isNewer = found !== undefined && found.version > set.version;
      if (isNewer || (found?.version === set.version && sameValue(found.rows, set.rows, resources.types)))
        return wrote ? "written" : "same";
      // at the same version the fold is the truth
      const over = found?.version === set.version ? "any" : "lower";
      const outcome = await rows.of(name).write(set, over, limit.call());
      if (outcome === "refused") throw refused(name, doc, set.version);
      // a writer may have been faster: what it wrote and was overwritten here is written again
      if ((await log.head(doc, set.version, limit.call()))?.version === set.version) return "written";
      [found] = await rows.of(name).get([doc], limit.call());
    }
  });
  if (typeof rebuilt === "object")
    await noteFailure(checkpoints, failureOf(projection, doc, rebuilt.error), limit);
  else if (hadFailed) await clearFailure(checkpoints, name, version, doc, limit);
  return rebuilt;
}

function refused(name: string, doc: DocumentId, version: number): ProjectionError {
  const reason = "the collection of its rows refuses them (a unique index or a validator)";
  const message = `The rows of projection ${name} cannot be stored at version ${version}: ${reason}. Take it away, and rebuild again.`;
  return new ProjectionError(message, { projection: name, id: doc, version, reason });
}

function failureOf(projection: AnyProjection, doc: DocumentId, error: EverdraftError) {
  const { reason, version } = error.details;
  return {
    ...{ projection: projection.name, projectionVersion: projection.version, doc },
    version: typeof version === "number" ? version : 0,
    reason: typeof reason === "string" ? reason : error.code,
  };
}

const ofOneDocument = [
  ...[CorruptEventError, DriftError, FormatTooNewError, MigrationError],
  ...[ProjectionError, SchemaTooNewError, ViewAheadError],
];

/** What is wrong with one document keeps nothing from the others. */
async function orDamage(work: () => Promise<Rebuilt>): Promise<Rebuilt> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EverdraftError && ofOneDocument.some((one) => error instanceof one))
      return { error };
    throw error;
  }
}
