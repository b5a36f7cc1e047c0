import type { OnDocument } from "../../context/on-document.ts";
import { ProjectionError } from "../../errors/projection-error.ts";
import type { FoundView } from "../../history/read-views.ts";
import { checkDocument } from "../../history/verify.ts";
import type { AnyProjection } from "../../projection/define-projection.ts";
import { repairView } from "../../views/repair.ts";
import { readFailure } from "../../views/row-failures.ts";
import type { RowKeeper } from "../../views/row-keeper.ts";
import { orDamage } from "../rebuild/rebuild-document.ts";
import { rebuildRows } from "../rebuild/rebuild-rows.ts";
import { checkRows } from "./check-rows.ts";
import { findingOf, type StoreFinding, unreadable } from "./findings.ts";

/** The projections whose rows are verified, and the rows. */
export interface VerifiedRows {
  readonly projections: readonly AnyProjection[];
  readonly rows: RowKeeper;
}

/** The faults of a document. `known` holds its view where it was read before. */
export async function lookAt(
  on: OnDocument,
  verified: VerifiedRows,
  known: { readonly view: FoundView } | undefined,
): Promise<readonly StoreFinding[]> {
  const found = await orDamage(() => check(on, verified, known));
  return found.kind === "damaged" ? [unreadable(on.doc, found.error)] : found.result;
}

async function check(
  on: OnDocument,
  { projections, rows }: VerifiedRows,
  known: { readonly view: FoundView } | undefined,
): Promise<readonly StoreFinding[]> {
  const { findings, folded } = await checkDocument(on, known);
  const found = findings.map((finding) => findingOf(on.doc, finding));
  const isWhole = findings.every(({ kind }) => kind === "behind" || kind === "drift");
  if (!isWhole) return found;
  for (const projection of projections) {
    const [stored] = await rows.of(projection.name).get([on.doc], on.deadline.call());
    // rows of a newer version were written after the log was read
    if (stored !== undefined && stored.version > folded.version) continue;
    const finding = await checkRows(on, projection, folded, stored);
    if (finding !== undefined) found.push(await explained(on, projection, finding));
  }
  return found;
}

/** A finding of rows that are behind, with the reason where something refused the rows of this version. */
async function explained(
  on: OnDocument,
  { name, version: projectionVersion }: AnyProjection,
  finding: StoreFinding,
): Promise<StoreFinding> {
  if (finding.kind !== "rows-behind") return finding;
  const { checkpoints } = await on.opened();
  const rows = { projection: name, projectionVersion, doc: on.doc };
  const failure = await readFailure(checkpoints, rows, on.deadline);
  // one that the projection threw is over: it has just given its rows
  if (failure?.remedy === undefined || failure.version !== finding.version) return finding;
  const { version, reason, remedy } = failure;
  const cause = new ProjectionError({ projection: name, id: on.doc, version, reason, remedy });
  return { ...finding, kind: "failed", message: cause.message, cause };
}

/** Repairs all findings that can be repaired; whether nothing is left. */
export async function mended(
  on: OnDocument,
  verified: VerifiedRows,
  found: readonly StoreFinding[],
): Promise<boolean> {
  const { projections } = verified;
  const ofDocument = found.filter(({ projection }) => projection === undefined);
  if (ofDocument.some(({ mend }) => mend === undefined)) return false;
  if (ofDocument.length > 0) await repairView(on);
  for (const projection of projections) {
    if (!found.some((finding) => finding.projection === projection.name && finding.mend !== undefined))
      continue;
    const rows = verified.rows.of(projection.name);
    const [before] = await rows.get([on.doc], on.deadline.call());
    await rebuildRows(on, { projection, rows }, before, true);
  }
  return (await lookAt(on, verified, undefined)).length === 0;
}
