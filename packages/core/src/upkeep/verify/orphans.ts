import { DriftError } from "../../errors/drift-error.ts";
import { type DocumentId, idKey } from "../../model/document-id.ts";
import { compareIds } from "../../model/sort-order.ts";
import type { Deadline } from "../../port/deadline.ts";
import type { EventLog } from "../../port/event-log.ts";
import { pace } from "../../port/pace.ts";
import type { RowStore } from "../../port/row-store.ts";
import type { AnyProjection } from "../../projection/define-projection.ts";
import type { StoreParts } from "../../write/store-parts.ts";
import type { Counts } from "../job/job-record.ts";
import { loggedPages } from "../job/logged-pages.ts";
import { defaults } from "../job/options.ts";
import type { FindingOptions, StoreFinding } from "./findings.ts";

/** Where orphans are looked for. */
interface Looked {
  readonly projections: readonly AnyProjection[];
  readonly from: DocumentId | undefined;
  readonly wanted: (id: DocumentId) => boolean;
}

/** Views and rows of documents that have no event at all. */
export async function checkOrphans(
  parts: StoreParts,
  { projections, from, wanted }: Looked,
  { repair, onFinding }: FindingOptions,
  deadline: Deadline,
): Promise<Counts> {
  let [written, failures] = [0, 0];
  for await (const id of withoutLog(parts, viewIds(parts, from, deadline), from, deadline)) {
    if (!wanted(id)) continue;
    failures++;
    const message =
      "The collection holds this document without any history. Take it away, or restore its log.";
    onFinding?.({ id, version: 0, kind: "orphan", message, mend: undefined });
  }
  for (const projection of projections) {
    const rows = parts.rows.of(projection.name);
    for await (const id of withoutLog(parts, rowIds(rows, from, deadline), from, deadline)) {
      if (!wanted(id)) continue;
      onFinding?.(orphanRows(projection, id));
      if (repair === true) {
        await rows.write({ doc: id, version: 0, rows: [] }, "any", deadline.call());
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

/** Those ids that have no event: two lists in one order, read side by side. */
async function* withoutLog(
  { resources }: StoreParts,
  ids: AsyncIterable<DocumentId>,
  from: DocumentId | undefined,
  deadline: Deadline,
): AsyncGenerator<DocumentId> {
  const { log } = await resources.opened(deadline);
  const logged = loggedIds(log, from, deadline);
  let next = await logged.next();
  for await (const id of ids) {
    await pace.turn();
    while (next.done !== true && compareIds(next.value, id, resources.kinds) < 0) next = await logged.next();
    if (next.done !== true && idKey(next.value) === idKey(id)) continue;
    // it may have been created since
    if ((await log.head(id, 0, deadline.call())) === undefined) yield id;
  }
}

async function* loggedIds(
  log: EventLog,
  from: DocumentId | undefined,
  deadline: Deadline,
): AsyncGenerator<DocumentId, void> {
  for await (const page of loggedPages(log, from, deadline)) yield* page;
}

async function* viewIds(
  { resources }: StoreParts,
  from: DocumentId | undefined,
  deadline: Deadline,
): AsyncGenerator<DocumentId> {
  const { views } = await resources.opened(deadline);
  let size = defaults.rangeSize;
  for (let after = from; ; ) {
    const behind = after === undefined ? {} : { after: { id: after, values: [] } };
    const query = { filter: {}, sort: [], ...behind, select: [], limit: size };
    try {
      const page = await views.find(query, deadline.call());
      for (const { id } of page) yield id;
      after = page.at(-1)?.id;
      if (after === undefined || page.length < size) return;
    } catch (error) {
      if (!(error instanceof DriftError)) throw error;
      // of a page with a view that cannot be read, one by one up to that view, and on behind it
      if (size > 1) size = 1;
      else {
        after = error.details.id as DocumentId;
        yield after;
        size = defaults.rangeSize;
      }
    }
  }
}

async function* rowIds(
  rows: RowStore,
  from: DocumentId | undefined,
  deadline: Deadline,
): AsyncGenerator<DocumentId> {
  const size = defaults.rangeSize;
  for (let after = from; ; ) {
    const page = await rows.documents(
      { ...(after !== undefined && { after }), limit: size },
      deadline.call(),
    );
    // repair leaves a mark without rows of an orphan
    const sets = await rows.get(page, deadline.call());
    for (const [i, id] of page.entries()) if ((sets[i]?.rows.length ?? 1) > 0) yield id;
    after = page.at(-1);
    if (after === undefined || page.length < size) return;
  }
}
