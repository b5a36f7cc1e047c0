import type { EverdraftError } from "../errors/everdraft-error.ts";
import { ProjectionError } from "../errors/projection-error.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import { sameValue } from "../model/value.ts";
import type { RowSet } from "../port/row-store.ts";
import type { AnyProjection } from "../projection/define-projection.ts";
import type { Limit } from "../store/limit.ts";
import type { StoreParts } from "../store/parts.ts";
import { projectDocument } from "../store/project-document.ts";
import { clearFailure, noteFailure } from "../store/row-failures.ts";
import { each } from "./each.ts";
import { foldDocument, orDamage, type Rebuilt } from "./rebuild-document.ts";

/** Makes the rows of these documents what the projection gives of their logs. What came of each, in their order. */
export async function rebuildAllRows(
  parts: StoreParts,
  projection: AnyProjection,
  ids: readonly DocumentId[],
  failed: ReadonlySet<string>,
  limit: Limit,
): Promise<readonly Rebuilt[]> {
  const before = await parts.rows.of(projection.name).get(ids, limit.call());
  const rebuilt: Rebuilt[] = [];
  await each([...ids.entries()], async ([i, id]) => {
    rebuilt[i] = await rebuildRows(parts, projection, id, before[i], failed.has(idKey(id)), limit);
  });
  return rebuilt;
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
  const rebuilt = await orDamage(async (): Promise<"written" | "same"> => {
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
