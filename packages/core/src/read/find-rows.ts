import type { CallOptions } from "../context/options.ts";
import type { FindRowsOptions } from "../context/queries.ts";
import type { Resources } from "../context/resources.ts";
import { OptionsError } from "../errors/options-error.ts";
import { RowsNotBuiltError } from "../errors/rows-not-built-error.ts";
import { type DocumentId, stringId } from "../model/document-id.ts";
import { checkFilter } from "../model/filter.ts";
import type { Filter } from "../model/filter-types.ts";
import type { Deadline } from "../port/deadline.ts";
import type { Row, RowStore } from "../port/row-store.ts";
import type { FindQuery } from "../port/view-store.ts";
import { rowsName } from "../projection/define-projection.ts";
import { lend } from "../value/seal.ts";
import type { State } from "../value/state-types.ts";
import type { PlainObject } from "../value/value.ts";
import { readGenerations } from "../views/generations.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { AsyncList, Listed, Listing } from "./async-list.ts";
import { planOf } from "./explain.ts";
import { checkSort } from "./find-request.ts";
import { byScan, type Candidates, foundPages, inTurn, scanPages } from "./found-pages.ts";
import { onceEach } from "./once-each.ts";
import { documentIdAt, placeOf, positionAt } from "./place.ts";

/** A row as it is given to a caller. */
export interface FoundRow<R, Id = string> {
  /** The document that it follows from. */
  readonly id: Id;
  /** The version of that document. */
  readonly version: number;
  /** The row, deep-frozen. */
  readonly row: R;
}

/** Rows that are read as they are iterated. */
export interface RowList<V> extends AsyncList<V> {
  /**
   * Whether they may lack rows that this process has still to write (it waits a second at most for them). Known once the
   * first of them was asked for; a notice tells it too.
   */
  readonly incomplete: boolean;
}

/** The rows of a projection, read from the newest version of it that is complete. */
export interface Rows<R, Id = string> {
  /** The rows that match a filter, read in pages as they are iterated. Throws FilterError, RowsNotBuiltError. */
  find(filter?: Filter<R>, options?: FindRowsOptions<R>): RowList<FoundRow<State<R>, Id>>;
  /** How many rows match a filter. Throws FilterError, RowsNotBuiltError. */
  count(filter?: Filter<R>, options?: CallOptions): Promise<number>;
  /** The rows of a document, in their order. Two reads. Throws RowsNotBuiltError. */
  of(id: Id, options?: CallOptions): Promise<readonly FoundRow<State<R>, Id>[]>;
}

/** How rows are found. */
interface FindRowsRequest extends FindRowsOptions {
  readonly filter: unknown;
}

type Found = FoundRow<PlainObject, DocumentId>;

/** The list of the rows that match. */
export function listRows(
  parts: StoreParts,
  name: string,
  request: FindRowsRequest,
  deadline: Deadline,
): Listing<Found> & { readonly incomplete: () => boolean } {
  const sort = checkSort(request.sort);
  const filter = checkFilter(request.filter, parts.resources.types);
  let isIncomplete = false;
  const onIncomplete = (): void => {
    isIncomplete = true;
  };
  return {
    key: { call: "rows", projection: name, filter, sort },
    limit: request.limit ?? Number.POSITIVE_INFINITY,
    incomplete: () => isIncomplete,
    read: async function* (place, limit) {
      const after = positionAt(place, sort, documentIdAt([stringId]));
      const rows = await readableRows(parts, name, deadline, onIncomplete);
      yield* foundRows(parts.resources, rows, { filter, sort, limit, ...(after && { after }) }, deadline);
    },
  };
}

async function* foundRows(
  { types, scans, order }: Resources,
  rows: RowStore,
  query: FindQuery,
  deadline: Deadline,
): AsyncGenerator<Listed<Found>> {
  const { sort } = query;
  const { byId } = rows;
  let left = query.limit;
  if (left === 0) return;
  const find = (asked: FindQuery): Promise<readonly Row[]> => rows.find(asked, deadline.call());
  const candidates: Candidates<Row> =
    scans && byId !== undefined && sort.length > 0 && (await planOf(rows, query, deadline)).kind === "scan"
      ? byScan({
          order: { kinds: [stringId], values: order.values },
          scan: () => scanPages(find, { filter: {}, sort: [], limit: 1 }),
          read: (ids) => byId(ids.map(String), deadline.call()),
        })
      : (asked) => foundPages(find, asked, order.values);
  // in the order of their ids none can come twice
  const found = sort.length === 0 ? inTurn(candidates(query)) : onceEach(candidates, query, order.values);
  for await (const { one, position } of found) {
    deadline.call();
    yield {
      item: { id: one.doc, version: one.version, row: lend(one.state, types) },
      place: placeOf(position),
    };
    if (--left === 0) return;
  }
}

/** How many rows match. */
export async function countRows(
  parts: StoreParts,
  name: string,
  filter: unknown,
  deadline: Deadline,
): Promise<number> {
  const checked = checkFilter(filter, parts.resources.types);
  return (await readableRows(parts, name, deadline)).count(checked, deadline.call());
}

/** The rows of a document. */
export async function rowsOf(
  parts: StoreParts,
  name: string,
  id: DocumentId,
  deadline: Deadline,
): Promise<readonly FoundRow<PlainObject, DocumentId>[]> {
  const [set] = await (await readableRows(parts, name, deadline)).get([id], deadline.call());
  const { types } = parts.resources;
  return (set?.rows ?? []).map((row) => ({ id, version: set?.version ?? 0, row: lend(row, types) }));
}

/** The rows to read: of this store's version of the projection where it is complete, else of the one before. */
async function readableRows(
  parts: StoreParts,
  name: string,
  deadline: Deadline,
  onIncomplete?: () => void,
): Promise<RowStore> {
  const { resources, rows, views } = parts;
  const projection = rows.projections.find((one) => one.name === name);
  if (projection === undefined) throw unknownProjection(parts);
  const { version } = projection;
  const stored = await resources.opened(deadline);
  if (!(await views.rowsSettled(deadline))) {
    resources.notice({ type: "rows-incomplete", projection: name });
    onIncomplete?.();
  }
  const { active, oldest } = await readGenerations(stored.checkpoints, name, deadline.call());
  if (active === 0 || version < oldest) throw new RowsNotBuiltError({ projection: name, version, active });
  if (active >= version) return rows.of(name);
  return stored.rows(rowsName(name, active), projection.indexes ?? [], deadline.call());
}

/** Says that a store has no such projection. */
export function unknownProjection({ rows }: StoreParts): OptionsError {
  const known = rows.projections.map((one) => one.name).join(", ") || "none";
  return new OptionsError({
    option: "projection",
    reason: `there is no such projection; this store has: ${known}`,
    remedy: "Name one of them, or add it to the store's projections.",
  });
}
