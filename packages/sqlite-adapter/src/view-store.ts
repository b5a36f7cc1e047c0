import {
  countByScan,
  type FindQuery,
  findByScan,
  type ScanViews,
  type View,
  type ViewStore,
} from "@everdraft/core/adapter";
import { capabilities } from "./capabilities.ts";
import type { Connection, Steps } from "./connection.ts";
import { behind, type IdRange, idRange } from "./id-range.ts";
import { idText } from "./id-text.ts";
import { quote, type TableNames } from "./tables.ts";
import { type ViewRow, viewColumns, viewOf, viewValues, viewWriter } from "./view-row.ts";

/** How many rows a scan reads before it lets others run. */
const pageSize = 200;

/**
 * The views in SQLite. What it answers itself: a filter of nothing but conditions on `_id` with texts ($eq, $in, $gt, $gte, $lt, $lte), the empty
 * one included, in the order of ids: it reads what it gives, and counts without reading states. Everything else is a scan of all living
 * documents, which such conditions on `_id` narrow: in pages of 200 rows, of which no more than the answer is kept.
 */
export function sqliteViews(connection: Connection, names: TableNames): ViewStore {
  const database = connection.database();
  const table = quote(names.views);
  const byId = database.prepare<ViewRow>(`SELECT ${viewColumns} FROM ${table} WHERE id = ?`);
  const write = viewWriter(database, names.views);

  const living = (id: string): readonly ViewRow[] => {
    const row = byId.get(id);
    return row === undefined || row.state === null ? [] : [row];
  };
  const where = ({ conditions }: IdRange): string => ["state IS NOT NULL", ...conditions].join(" AND ");
  const readPage = (range: IdRange, limit: number): readonly ViewRow[] =>
    database
      .prepare<ViewRow>(`SELECT ${viewColumns} FROM ${table} WHERE ${where(range)} ORDER BY id LIMIT ?`)
      .all(...range.values, limit);

  async function* scan(
    range: IdRange,
    size: number,
    { attempt, pause }: Steps,
  ): AsyncGenerator<readonly View[]> {
    const { ids } = range;
    for (let i = 0; ids !== undefined && i < ids.length; i += size) {
      if (i > 0) await pause();
      yield await attempt(() =>
        ids
          .slice(i, i + size)
          .flatMap(living)
          .map(viewOf),
      );
    }
    for (let rest = range; ids === undefined; ) {
      const read = rest;
      const page = await attempt(() => readPage(read, size).map(viewOf));
      yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < size) return;
      rest = behind(range, idText(last.id));
      await pause();
    }
  }

  const find = async (query: FindQuery, steps: Steps): Promise<readonly View[]> => {
    const range = idRange(query.filter);
    const unsorted = query.sort.length === 0;
    const after = unsorted && query.after !== undefined ? idText(query.after.id) : undefined;
    const rest = behind(range, after);
    if (!range.exact || !unsorted) {
      const pages: ScanViews = () => scan(rest, pageSize, steps);
      return findByScan(pages, query, capabilities.idKinds);
    }
    const found: View[] = [];
    for await (const page of scan(rest, Math.min(query.limit, pageSize), steps)) {
      found.push(...page);
      if (found.length >= query.limit) break;
    }
    return found.slice(0, query.limit);
  };

  return {
    get: (ids, call) =>
      connection.step("read views", call, () =>
        ids.map((id) => {
          const row = byId.get(idText(id));
          return row && viewOf(row);
        }),
      ),
    write: async (view, over, { timeoutMs }) => {
      const values = viewValues(view);
      await connection.step("write a view", { timeoutMs }, () => write(values, over));
      return "current";
    },
    find: (query, call) => connection.run("find documents", call, (steps) => find(query, steps)),
    count: (filter, call) =>
      connection.run("count documents", call, async (steps) => {
        const range = idRange(filter);
        if (!range.exact) return countByScan(() => scan(range, pageSize, steps), filter);
        const { ids } = range;
        if (ids !== undefined) return steps.attempt(() => ids.flatMap(living).length);
        const count = `SELECT count(*) AS count FROM ${table} WHERE ${where(range)}`;
        return steps.attempt(
          () => database.prepare<{ count: number }>(count).get(...range.values)?.count ?? 0,
        );
      }),
  };
}
