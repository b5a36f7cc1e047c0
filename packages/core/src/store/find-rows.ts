import { setImmediate as nextTurn } from "node:timers/promises";
import { OptionsError } from "../errors/options-error.ts";
import { RowsNotBuiltError } from "../errors/rows-not-built-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import { checkFilter } from "../model/filter.ts";
import type { Filter, SortBy } from "../model/filter-types.ts";
import { lend } from "../model/seal.ts";
import type { State } from "../model/state-types.ts";
import type { PlainObject } from "../model/value.ts";
import { positionOf } from "../port/find-views.ts";
import type { Row, RowStore } from "../port/row-store.ts";
import { rowsName } from "../projection/define-projection.ts";
import type { AsyncList } from "./async-list.ts";
import { checkSort, pageSizeOf } from "./find-documents.ts";
import { readGenerations } from "./generations.ts";
import type { Limit } from "./limit.ts";
import type { CallOptions } from "./options.ts";
import type { StoreParts } from "./parts.ts";

/** A row as it is given to a caller. */
export interface FoundRow<R, Id = string> {
  /** The document that it follows from. */
  readonly id: Id;
  /** The version of that document. */
  readonly version: number;
  /** The row, deep-frozen. */
  readonly row: R;
}

/** How rows are found. */
export interface FindRowsOptions<R = PlainObject> extends CallOptions {
  /** The fields to sort by, by dotted path: 1 ascending, -1 descending. Equal rows go by document and place. */
  readonly sort?: SortBy<R>;
  /** How many at most. Default: all. */
  readonly limit?: number;
}

/** The rows of a projection, read from the newest version of it that is complete. */
export interface Rows<R, Id = string> {
  /** The rows that match a filter, read in pages as they are iterated. Throws FilterError, RowsNotBuiltError. */
  find(filter?: Filter<R>, options?: FindRowsOptions<R>): AsyncList<FoundRow<State<R>, Id>>;
  /** How many rows match a filter. Throws FilterError, RowsNotBuiltError. */
  count(filter?: Filter<R>, options?: CallOptions): Promise<number>;
  /** The rows of a document, in their order. Two reads. Throws RowsNotBuiltError. */
  of(id: Id, options?: CallOptions): Promise<readonly FoundRow<State<R>, Id>[]>;
}

/** The rows that match, in pages that begin behind one another. */
export async function* findRows(
  parts: StoreParts,
  name: string,
  filter: unknown,
  { sort, limit: wanted }: { readonly sort?: object; readonly limit?: number },
  limit: Limit,
): AsyncGenerator<FoundRow<PlainObject, DocumentId>> {
  const { types } = parts.resources;
  const query = { filter: checkFilter(filter, types), sort: checkSort(sort) };
  const rows = await readableRows(parts, name, limit);
  const size = pageSizeOf(query.sort);
  let left = wanted ?? Number.POSITIVE_INFINITY;
  let last: Row | undefined;
  while (left > 0) {
    const after = last && positionOf(last, query.sort);
    const wants = Math.min(size, left);
    const page = await rows.find({ ...query, ...(after && { after }), limit: wants }, limit.call());
    for (const { doc: id, version, state } of page) yield { id, version, row: lend(state, types) };
    left -= page.length;
    last = page.at(-1);
    if (last === undefined || page.length < wants) return;
    await nextTurn();
  }
}

/** How many rows match. */
export async function countRows(
  parts: StoreParts,
  name: string,
  filter: unknown,
  limit: Limit,
): Promise<number> {
  const checked = checkFilter(filter, parts.resources.types);
  return (await readableRows(parts, name, limit)).count(checked, limit.call());
}

/** The rows of a document. */
export async function rowsOf(
  parts: StoreParts,
  name: string,
  id: DocumentId,
  limit: Limit,
): Promise<readonly FoundRow<PlainObject, DocumentId>[]> {
  const [set] = await (await readableRows(parts, name, limit)).get([id], limit.call());
  const { types } = parts.resources;
  return (set?.rows ?? []).map((row) => ({ id, version: set?.version ?? 0, row: lend(row, types) }));
}

/** The rows to read: of this store's version of the projection where it is complete, else of the one before. */
async function readableRows(parts: StoreParts, name: string, limit: Limit): Promise<RowStore> {
  const { resources, rows, views } = parts;
  const projection = rows.projections.find((one) => one.name === name);
  if (projection === undefined) throw unknownProjection(parts);
  const { version } = projection;
  const stored = await resources.opened(limit);
  await views.settled(undefined, limit);
  const { active, oldest } = await readGenerations(stored.checkpoints, name, limit.call());
  if (active === 0 || version < oldest) throw notBuilt(name, version, active);
  if (active >= version) return rows.of(name);
  return stored.rows(rowsName(name, active), projection.indexes ?? [], limit.call());
}

/** Says that a store has no such projection. */
export function unknownProjection({ rows }: StoreParts): OptionsError {
  const known = rows.projections.map((one) => one.name).join(", ") || "none";
  const reason = "it names a projection of this store";
  const message = `There is no such projection; this store has: ${known}. Name one of them, or add it to the store's projections.`;
  return new OptionsError(message, { option: "projection", reason });
}

/** Says why the rows of a version cannot be read, or rebuilt. */
export function notBuilt(projection: string, version: number, active: number): RowsNotBuiltError {
  const message =
    active > version
      ? `The rows of projection ${projection}, version ${version}, were dropped; version ${active} is in use. Deploy the code that has it.`
      : `The rows of projection ${projection}, version ${version}, are not complete: there are documents from before it. Rebuild it once.`;
  return new RowsNotBuiltError(message, { projection, version });
}
