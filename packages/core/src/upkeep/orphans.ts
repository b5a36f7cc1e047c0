import type { DocumentId } from "../model/document-id.ts";
import type { RowStore } from "../port/row-store.ts";
import type { AnyProjection } from "../projection/define-projection.ts";
import type { Limit } from "../store/limit.ts";
import type { StoreParts } from "../store/parts.ts";
import type { FindingOptions, StoreFinding } from "./findings.ts";
import type { Counts } from "./job-record.ts";
import { defaults } from "./options.ts";

/** Views and rows of documents that have no event at all. */
export async function checkOrphans(
  parts: StoreParts,
  projections: readonly AnyProjection[],
  { from, wanted }: { readonly from: DocumentId | undefined; readonly wanted: (id: DocumentId) => boolean },
  { repair, onFinding }: FindingOptions,
  limit: Limit,
): Promise<Counts> {
  const { log } = await parts.resources.opened(limit);
  let [written, failures] = [0, 0];
  const hasLog = async (id: DocumentId): Promise<boolean> =>
    (await log.head(id, 0, limit.call())) !== undefined;
  for await (const id of viewIds(parts, from, limit)) {
    if (!wanted(id) || (await hasLog(id))) continue;
    failures++;
    const message =
      "The collection holds this document without any history. Take it away, or restore its log.";
    onFinding?.({ id, version: 0, kind: "orphan", message, mend: undefined });
  }
  for (const projection of projections) {
    const rows = parts.rows.of(projection.name);
    for await (const id of rowIds(rows, from, limit)) {
      if (!wanted(id) || (await hasLog(id))) continue;
      onFinding?.(orphanRows(projection, id));
      if (repair === true) {
        await rows.write({ doc: id, version: 0, rows: [] }, "any", limit.call());
        written++;
      } else failures++;
    }
  }
  return { documents: 0, written, failures };
}

function orphanRows({ name }: AnyProjection, id: DocumentId): StoreFinding {
  const message = `There are rows of ${name} of this document, which has no history. repair takes them away.`;
  return { id, version: 0, kind: "orphan", projection: name, message, mend: `take the rows of ${name} away` };
}

async function* viewIds(
  { resources }: StoreParts,
  from: DocumentId | undefined,
  limit: Limit,
): AsyncGenerator<DocumentId> {
  const { views } = await resources.opened(limit);
  const size = defaults.rangeSize;
  for (let after = from; ; ) {
    const behind = after === undefined ? {} : { after: { id: after, values: [] } };
    const page = await views.find({ filter: {}, sort: [], ...behind, select: [], limit: size }, limit.call());
    for (const { id } of page) yield id;
    after = page.at(-1)?.id;
    if (after === undefined || page.length < size) return;
  }
}

async function* rowIds(
  rows: RowStore,
  from: DocumentId | undefined,
  limit: Limit,
): AsyncGenerator<DocumentId> {
  const size = defaults.rangeSize;
  for (let after = from; ; ) {
    const page = await rows.documents({ ...(after !== undefined && { after }), limit: size }, limit.call());
    // a mark without rows is what repair leaves of an orphan
    const sets = await rows.get(page, limit.call());
    for (const [i, id] of page.entries()) if ((sets[i]?.rows.length ?? 1) > 0) yield id;
    after = page.at(-1);
    if (after === undefined || page.length < size) return;
  }
}
