import { type OnDocument, onDocument } from "../../context/on-document.ts";
import { type DocumentId, idKey } from "../../model/document-id.ts";
import type { Deadline } from "../../port/deadline.ts";
import type { RowSet, RowStore } from "../../port/row-store.ts";
import type { AnyProjection } from "../../projection/define-projection.ts";
import { sizeOf } from "../../value/size.ts";
import { sameValue } from "../../value/value.ts";
import { projectDocument } from "../../views/project-document.ts";
import { clearFailure, noteFailure, rowFailure } from "../../views/row-failures.ts";
import { rowsRefused } from "../../views/rows-refused.ts";
import type { StoreParts } from "../../write/store-parts.ts";
import { each } from "../job/each.ts";
import { writeTogether } from "../job/write-together.ts";
import { foldDocument, orDamage, type Rebuilt, written } from "./rebuild-document.ts";

/**
 * Writes the rows that the projection gives of these documents' logs, where they are not stored yet. Gives the results in
 * the order of the documents.
 */
export async function rebuildAllRows(
  parts: StoreParts,
  { projection, failed }: { readonly projection: AnyProjection; readonly failed: ReadonlySet<string> },
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<readonly Rebuilt[]> {
  const { resources } = parts;
  const rows = parts.rows.of(projection.name);
  const before = await rows.get(ids, deadline.call());
  const on = (id: DocumentId): OnDocument => onDocument(resources, id, deadline);
  const rebuilt: Rebuilt[] = [];
  const alone = (doc: DocumentId, found: RowSet | undefined): Promise<Rebuilt> =>
    rebuildRows(on(doc), { projection, rows }, found, failed.has(idKey(doc)));
  const together = writeTogether<{ readonly place: number; readonly set: RowSet }>(async (planned) => {
    const sets = planned.map(({ set }) => set);
    const outcomes = await rows.writeMany?.(sets, deadline.call());
    await each([...planned.entries()], async ([i, { place, set }]) => {
      if (outcomes?.[i] === "current" && (await isNewest(on(set.doc), set))) rebuilt[place] = written;
      else {
        const [found] = await rows.get([set.doc], deadline.call());
        const again = await alone(set.doc, found);
        rebuilt[place] = again.kind === "done" ? written : again;
      }
    });
  });
  await each([...ids.entries()], async ([place, id]) => {
    const planned =
      rows.writeMany === undefined || failed.has(idKey(id))
        ? undefined
        : await orDamage(() => planRows(on(id), projection, before[place]));
    const plan = planned?.kind === "done" ? planned.result : undefined;
    if (plan?.kind === "same") rebuilt[place] = { kind: "done", result: "same" };
    else if (plan?.kind === "write" && plan.over === "lower")
      await together.add({ place, set: plan.set }, sizeOf(plan.set.rows, resources.types));
    // rows that have failed, or fail now, are noted
    else rebuilt[place] = await alone(id, before[place]);
  });
  await together.end();
  return rebuilt;
}

/** The rows of a projection. */
interface ProjectionRows {
  readonly projection: AnyProjection;
  readonly rows: RowStore;
}

/** Writes the rows that the projection gives of a document's log, where they are not stored yet. */
export async function rebuildRows(
  on: OnDocument,
  { projection, rows }: ProjectionRows,
  before: RowSet | undefined,
  hadFailed: boolean,
): Promise<Rebuilt> {
  const { doc, deadline } = on;
  const { checkpoints } = await on.opened();
  const rebuilt = await orDamage(async (): Promise<"written" | "same"> => {
    let found = before;
    for (let wrote = false; ; wrote = true) {
      const planned = await planRows(on, projection, found);
      if (planned.kind === "same") return wrote ? "written" : "same";
      const { set, over } = planned;
      const outcome = await rows.write(set, over, deadline.call());
      if (outcome === "refused") throw await rowsRefused(rows, projection, set, deadline);
      if (await isNewest(on, set)) return "written";
      [found] = await rows.get([doc], deadline.call());
    }
  });
  const { name, version } = projection;
  if (rebuilt.kind === "damaged")
    await noteFailure(checkpoints, rowFailure(projection, doc, rebuilt.error), deadline);
  else if (hadFailed)
    await clearFailure(checkpoints, { projection: name, projectionVersion: version, doc }, deadline);
  return rebuilt;
}

/** The rows that a document is to have, and over which they are written. */
type RowsPlan =
  | { readonly kind: "same" }
  | { readonly kind: "write"; readonly set: RowSet; readonly over: "lower" | "any" };

/** Compares the rows that a document is to have with those that it has. */
async function planRows(
  on: OnDocument,
  projection: AnyProjection,
  found: RowSet | undefined,
): Promise<RowsPlan> {
  const set = await projectDocument(on, projection, { folded: await foldDocument(on) });
  const isNewer = found !== undefined && found.version > set.version;
  const isSame = found?.version === set.version && sameValue(found.rows, set.rows, on.resources.types);
  if (isNewer || isSame) return { kind: "same" };
  // at the same version the fold is the truth
  return { kind: "write", set, over: found?.version === set.version ? "any" : "lower" };
}

/** Whether no writer was faster: rows that it wrote and were overwritten here would have to be written again. */
async function isNewest(on: OnDocument, { version }: RowSet): Promise<boolean> {
  return (await on.head(version))?.version === version;
}
