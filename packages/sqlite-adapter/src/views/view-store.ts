import {
  ConstraintError,
  countByScan,
  type FindQuery,
  findByScan,
  isOfSchema,
  type ScanViews,
  type SchemaRange,
  type View,
  type ViewOutcome,
  type ViewStore,
} from "@everdraft/core/adapter";
import { capabilities } from "../capabilities.ts";
import type { Connection, Steps } from "../engine/connection.ts";
import { behind, type IdRange, idRange, rangeSql } from "../id-range.ts";
import { idText } from "../id-text.ts";
import { quote, type TableNames } from "../tables.ts";
import { type ViewRow, viewColumns, viewOf } from "./view-row.ts";
import { type PreparedView, prepareView, viewWriter } from "./view-writer.ts";

/** How many rows a scan reads before it lets others run. */
const pageSize = 200;

/**
 * The views in SQLite. What it answers itself, reading only what it gives: a filter of nothing but conditions
 * on `_id` with texts ($eq, $in, $gt, $gte, $lt, $lte), the empty filter included, unless there is a sort;
 * and the count of such a filter. Everything else is a scan of all living documents that those conditions
 * leave, 200 rows at a time, of which no more than the answer is kept.
 */
export function sqliteViews(connection: Connection, names: TableNames): ViewStore {
  const database = connection.database();
  const table = quote(names.views);
  const byId = database.prepare<ViewRow>(`SELECT ${viewColumns} FROM ${table} WHERE id = ?`);
  const writer = viewWriter(database, names.views);

  const readPage = (range: IdRange, schema: SchemaRange | undefined, limit: number): readonly ViewRow[] => {
    if (range.ids === undefined) {
      const { where, values } = rangeSql(range, schema);
      const page = `SELECT ${viewColumns} FROM ${table} WHERE ${where} ORDER BY id LIMIT ?`;
      return database.prepare<ViewRow>(page).all(...values, limit);
    }
    const rows: ViewRow[] = [];
    for (const id of range.ids) {
      if (rows.length === limit) break;
      const row = byId.get(id);
      if (row !== undefined && row.state !== null && isOfSchema(row, schema)) rows.push(row);
    }
    return rows;
  };

  async function* scan(
    range: IdRange,
    schema: SchemaRange | undefined,
    size: number,
    steps: Steps,
  ): AsyncGenerator<readonly View[]> {
    for (let rest = range; ; await steps.pause()) {
      const page = await steps.attempt(() => readPage(rest, schema, size).map(viewOf));
      yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < size) return;
      rest = behind(rest, idText(last.id));
    }
  }

  const find = async (query: FindQuery, steps: Steps): Promise<readonly View[]> => {
    const { filter, sort, after, limit, schema } = query;
    const range = idRange(filter);
    // without a sort documents come in the order of ids, so what was given before need not be read again
    const rest = sort.length === 0 && after !== undefined ? behind(range, idText(after.id)) : range;
    if (!range.exact || sort.length > 0) {
      const pages: ScanViews = () => scan(rest, schema, pageSize, steps);
      return findByScan(pages, query, capabilities.idKinds);
    }
    const found: View[] = [];
    for await (const page of scan(rest, schema, Math.min(limit, pageSize), steps)) {
      found.push(...page);
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  };

  const countExactly = (range: IdRange, schema: SchemaRange | undefined): number => {
    if (range.ids !== undefined) return readPage(range, schema, range.ids.length).length;
    const { where, values } = rangeSql(range, schema);
    const count = `SELECT count(*) AS count FROM ${table} WHERE ${where}`;
    return database.prepare<{ count: number }>(count).get(...values)?.count ?? 0;
  };

  const writeOne = async (view: PreparedView, over: "lower" | "any", steps: Steps): Promise<ViewOutcome> => {
    const write = (): ViewOutcome => {
      if (over === "lower") return writer.follow(view, undefined);
      writer.put(view);
      return "current";
    };
    try {
      return await steps.attempt(() => database.transaction(write));
    } catch (error) {
      if (error instanceof ConstraintError) return "refused";
      throw error;
    }
  };

  return {
    get: (ids, call) =>
      connection.step("read views", call, () =>
        ids.map((id) => {
          const row = byId.get(idText(id));
          return row && viewOf(row);
        }),
      ),
    write: (view, over, { timeoutMs }) =>
      connection.run("write a view", { timeoutMs }, (steps) => writeOne(prepareView(view), over, steps)),
    writeMany: async (views, { timeoutMs }) => {
      const prepared = views.map(prepareView);
      return connection.run("write views", { timeoutMs }, async (steps) => {
        try {
          return await steps.attempt(() =>
            database.transaction(() => prepared.map((one) => writer.follow(one, undefined))),
          );
        } catch (error) {
          if (!(error instanceof ConstraintError)) throw error;
        }
        // what somebody added to the table refuses one of them
        const outcomes: ViewOutcome[] = [];
        for (const one of prepared) outcomes.push(await writeOne(one, "lower", steps));
        return outcomes;
      });
    },
    find: (query, call) => connection.run("find documents", call, (steps) => find(query, steps)),
    count: (filter, call, schema) =>
      connection.run("count documents", call, async (steps) => {
        const range = idRange(filter);
        if (range.exact) return steps.attempt(() => countExactly(range, schema));
        return countByScan(() => scan(range, schema, pageSize, steps), filter);
      }),
  };
}
