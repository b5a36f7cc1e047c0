import { isOfSchema, type SchemaRange, type Slot, type View } from "@everdraft/core/adapter";
import type { Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { joinedOrEach } from "../engine/joined-or-each.ts";
import { piece, someAtATime } from "../engine/piece.ts";
import { behind, type IdRange, rangeSql } from "../id-range.ts";
import { idText } from "../id-text.ts";
import { quote } from "../tables.ts";
import { factColumns, type ViewRow, viewColumns, viewOfRow, viewsTogether } from "./view-row.ts";

/** The living views of a range of ids and of some schema versions. */
interface ViewRange {
  readonly ids: IdRange;
  readonly schema: SchemaRange | undefined;
}

/** Reads views from their table, without deciding which of them are asked for. */
export interface ViewReader {
  /** The view with this id, deleted documents' included. Within a step. */
  get(id: string): View | undefined;
  /** The version and hash that the view with this id has seen, without reading its state. Within a step. */
  slot(id: string): Slot | undefined;
  /** The living views with these ids, where they are of these schema versions, in the order of the ids. Within a step. */
  living(ids: readonly string[], schema: SchemaRange | undefined): readonly View[];
  /** Whether there are living views of these schema versions. Within a step. */
  some(schema: SchemaRange): boolean;
  /** How many views there are in a range. Within a step. */
  count(range: ViewRange): number;
  /** The views of a range in the order of ids, so many at a time; others run in between. */
  scan(range: ViewRange, size: number, steps: Steps): AsyncGenerator<readonly View[]>;
}

const facts = factColumns.map((column) => `v.${column}`).join(", ");

/** The statements that read views. */
export function viewReader(database: Database, name: string): ViewReader {
  const table = quote(name);
  const byId = database.prepare<ViewRow>(`SELECT ${viewColumns} FROM ${table} WHERE id = ?`);
  const slotById = database.prepare<Slot>(`SELECT version, head AS hash FROM ${table} WHERE id = ?`);
  // one value for many views: to read columns takes longer than to decode them
  const together = database.prepare<{ facts: string; states: Uint8Array | null }>(
    `SELECT json_group_array(json_array(list.key, length(v.state), ${facts})) AS facts,
CAST(group_concat(v.state, '') AS BLOB) AS states
FROM json_each(?) AS list CROSS JOIN ${table} AS v ON v.id = list.value WHERE v.state IS NOT NULL`,
  );

  const within = database.prepare<{ found: number }>(
    `SELECT 1 AS found FROM ${table} WHERE state IS NOT NULL AND schema BETWEEN ? AND ? LIMIT 1`,
  );

  const rowsOf = ({ ids, schema }: ViewRange, limit: number): Iterable<ViewRow> => {
    if (ids.ids !== undefined) return listed(ids.ids, schema, limit);
    return someAtATime<ViewRow>(limit, (size, last) => {
      const { where, values } = rangeSql(last === undefined ? ids : behind(ids, last.id), schema);
      const select = `SELECT ${viewColumns} FROM ${table} WHERE ${where} ORDER BY id LIMIT ?`;
      return database.prepare<ViewRow>(select).all(...values, size);
    });
  };
  function* listed(ids: readonly string[], schema: SchemaRange | undefined, limit: number) {
    let left = limit;
    for (const id of ids) {
      if (left === 0) return;
      const row = byId.get(id);
      if (row === undefined || row.state === null || !isOfSchema(row, schema)) continue;
      left--;
      yield row;
    }
  }

  return {
    get: (id) => {
      const row = byId.get(id);
      return row && viewOfRow(row);
    },
    slot: (id) => slotById.get(id),
    living: (ids, schema) =>
      joinedOrEach(
        () => {
          const found = together.get(JSON.stringify(ids));
          return found === undefined ? [] : viewsTogether(found, (row) => isOfSchema(row, schema));
        },
        () => [...listed(ids, schema, ids.length)].map(viewOfRow),
      ),
    some: ({ from = 1, to = Number.MAX_SAFE_INTEGER, withoutHistory = false }) =>
      within.get(from, to) !== undefined || (withoutHistory && within.get(0, 0) !== undefined),
    count: (range) => {
      const { ids, schema } = range;
      if (ids.ids !== undefined) return [...rowsOf(range, ids.ids.length)].length;
      const { where, values } = rangeSql(ids, schema);
      const count = `SELECT count(*) AS count FROM ${table} WHERE ${where}`;
      return database.prepare<{ count: number }>(count).get(...values)?.count ?? 0;
    },
    scan: async function* ({ ids, schema }, size, steps) {
      for (let rest = ids; ; await steps.pause()) {
        const { made: views, isLast } = await steps.attempt(() =>
          piece(rowsOf({ ids: rest, schema }, size), viewOfRow),
        );
        yield views;
        const last = views.at(-1);
        if (last === undefined || (isLast && views.length < size)) return;
        rest = behind(rest, idText(last.id));
      }
    },
  };
}
