import type { Limit } from "../../context/limit.ts";
import type { FoundView } from "../../history/read-views.ts";
import { checkDocument } from "../../history/verify.ts";
import type { DocumentId } from "../../model/document-id.ts";
import type { AnyProjection } from "../../projection/define-projection.ts";
import { repairView } from "../../views/repair.ts";
import type { StoreParts } from "../../write/store-parts.ts";
import { orDamage } from "../rebuild/rebuild-document.ts";
import { rebuildRows } from "../rebuild/rebuild-rows.ts";
import { checkRows } from "./check-rows.ts";
import { findingOf, type StoreFinding, unreadable } from "./findings.ts";

/** What is wrong with a document. `known` holds its view where it was read before. */
export async function lookAt(...given: Parameters<typeof check>): Promise<readonly StoreFinding[]> {
  const [, , id] = given;
  const found = await orDamage(() => check(...given));
  return "error" in found ? [unreadable(id, found.error)] : found;
}

async function check(
  { resources, rows }: StoreParts,
  projections: readonly AnyProjection[],
  id: DocumentId,
  known: { readonly view: FoundView } | undefined,
  limit: Limit,
): Promise<readonly StoreFinding[]> {
  const { findings, folded } = await checkDocument(resources, id, known, limit);
  const { version } = folded;
  const found = findings.map((finding) => findingOf(id, finding));
  const isWhole = findings.every(({ kind }) => kind === "behind" || kind === "drift");
  if (!isWhole) return found;
  for (const projection of projections) {
    const [stored] = await rows.of(projection.name).get([id], limit.call());
    // rows of a newer version were written after the log was read
    if (stored !== undefined && stored.version > version) continue;
    const finding = await checkRows(resources, projection, id, folded, stored, limit);
    if (finding !== undefined) found.push(finding);
  }
  return found;
}

/** Repairs what can be of what was found; whether nothing is left. */
export async function mended(
  parts: StoreParts,
  projections: readonly AnyProjection[],
  id: DocumentId,
  found: readonly StoreFinding[],
  limit: Limit,
): Promise<boolean> {
  const ofDocument = found.filter(({ projection }) => projection === undefined);
  if (ofDocument.some(({ mend }) => mend === undefined)) return false;
  if (ofDocument.length > 0) await repairView(parts.resources, id, limit);
  for (const projection of projections) {
    if (!found.some((finding) => finding.projection === projection.name && finding.mend !== undefined))
      continue;
    const [before] = await parts.rows.of(projection.name).get([id], limit.call());
    await rebuildRows(parts, projection, id, before, true, limit);
  }
  return (await lookAt(parts, projections, id, undefined, limit)).length === 0;
}
