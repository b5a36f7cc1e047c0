import {
  aboveAll,
  type FieldBound,
  type FindPosition,
  type FindQuery,
  type PlannedFind,
  placeKeys,
  planFind,
  type SortedField,
} from "@everdraft/core/adapter";
import type { Database } from "../engine/database.ts";
import type { Bound } from "../engine/engine.ts";
import { idText } from "../id-text.ts";
import { quote } from "../tables.ts";
import { entryTable, type FileIndex, type Indexed, indexesOf } from "./index-registry.ts";

/** An entry of a document or row that may match. */
export interface Candidate {
  readonly id: string;
  /** Its keys in the fields of the sort, where the index gives the order of one. */
  readonly keys: readonly Uint8Array[];
}

/** The candidates of a find by an index: each document that matches is one of them. All within a step that reads. */
export interface Candidates {
  readonly plan: PlannedFind<FileIndex>;
  /** They in the order of the plan (of ids, where it has none), behind the place of the query. */
  page(size: number): readonly Candidate[];
  /** How many there are. */
  count(): number;
}

/**
 * The most candidates that are put in the order of ids for a page. Beyond them a scan is quicker, or as quick: it meets
 * those that match in this order.
 */
const mostOrdered = 10_000;

interface Sql {
  readonly text: string;
  readonly values: readonly Bound[];
}

/**
 * Makes the candidates of a find; undefined where no index helps. `behind` is the last one of the page before, which the same
 * find has read.
 */
export function candidatesOf(
  database: Database,
  over: Indexed,
): (query: FindQuery, behind?: Candidate) => Candidates | undefined {
  const indexes = indexesOf(database, over);
  return (query, behind) => {
    const plan = planFind(
      query,
      indexes().filter(({ complete }) => complete),
    );
    if (plan === undefined) return undefined;
    const within = whereOf(plan);
    const from = `FROM ${quote(entryTable(plan.index))} WHERE ${within.text}`;
    const fields = sortedFields(plan);
    const place = behind?.keys.length === fields.length ? behind : query.after;
    const select = selection(plan, place, from);
    if (select === undefined) return undefined;
    const isCount = query.limit === 0 && plan.exact;
    // pages behind the first go on by the same way
    if (plan.order.kind === "none" && !isCount && behind === undefined) {
      const many = database
        .prepare<{ n: number }>(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ${mostOrdered + 1})`)
        .get(...within.values)?.n;
      if ((many ?? 0) > mostOrdered) return undefined;
    }
    const { text, values } = select;
    return {
      plan,
      page: (size) =>
        database
          .prepare<Record<string, string | Uint8Array>>(text)
          .all(...within.values, ...values, size)
          .map((row) => ({
            id: String(row.id),
            keys: fields.map(({ field }) => bytesOf(row[`k${field}`])),
          })),
      count: () =>
        database.prepare<{ n: number }>(`SELECT count(*) AS n ${from}`).get(...within.values)?.n ?? 0,
    };
  };
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function sortedFields({ order }: PlannedFind): readonly SortedField[] {
  return order.kind === "sort" ? order.fields : [];
}

/** The statement that reads a page of candidates; undefined where the place behind which it begins has no whole keys. */
function selection(
  plan: PlannedFind<FileIndex>,
  after: Candidate | FindPosition | undefined,
  from: string,
): Sql | undefined {
  if (plan.order.kind !== "sort") {
    const distinct = plan.order.kind === "ids" ? "" : "DISTINCT ";
    const behind = after === undefined ? "" : " AND id > ?";
    return {
      text: `SELECT ${distinct}id ${from}${behind} ORDER BY id LIMIT ?`,
      values: after === undefined ? [] : [idText(after.id)],
    };
  }
  const { fields } = plan.order;
  const select = ["id", ...fields.map(({ field }) => `k${field}`)].join(", ");
  const order = [
    ...fields.map(({ field, direction }) => `k${field}${direction === 1 ? "" : " DESC"}`),
    "id",
  ].join(", ");
  if (after === undefined) return { text: `SELECT ${select} ${from} ORDER BY ${order} LIMIT ?`, values: [] };
  const keys = "keys" in after ? after.keys : placeKeys(fields, after);
  if (keys === undefined) return undefined;
  const steps = [
    ...fields.map(({ field, direction }, i) => ({
      column: `k${field}`,
      direction,
      value: keys[i] ?? new Uint8Array(),
    })),
    { column: "id", direction: 1, value: idText(after.id) },
  ];
  const behind = behindSql(steps);
  return {
    text: `SELECT ${select} ${from} AND ${behind.text} ORDER BY ${order} LIMIT ?`,
    values: behind.values,
  };
}

interface Step {
  readonly column: string;
  readonly direction: number;
  readonly value: Bound;
}

/** The condition of those behind a place, column by column. */
function behindSql(steps: readonly Step[]): Sql {
  const values = steps.map(({ value }) => value);
  const [first] = steps;
  if (steps.every(({ direction }) => direction === 1)) {
    const columns = steps.map(({ column }) => column).join(", ");
    return { text: `(${columns}) > (${steps.map(() => "?").join(", ")})`, values };
  }
  const nested = steps.reduceRight<Sql | undefined>((rest, { column, direction, value }) => {
    const further = `${column} ${direction === 1 ? ">" : "<"} ?`;
    if (rest === undefined) return { text: further, values: [value] };
    return {
      text: `(${further} OR (${column} = ? AND ${rest.text}))`,
      values: [value, value, ...rest.values],
    };
  }, undefined);
  if (first === undefined || nested === undefined) return { text: "TRUE", values: [] };
  // by this alone the engine finds where to begin
  const begin = `${first.column} ${first.direction === 1 ? ">=" : "<="} ?`;
  return { text: `${begin} AND ${nested.text}`, values: [first.value, ...nested.values] };
}

/** The bounds of a plan. */
function whereOf({ bounds, index }: PlannedFind<FileIndex>): Sql {
  const parts = bounds.map((bound, i) => boundSql(`k${i}`, bound, index.shape === "outside"));
  return {
    text: parts.length === 0 ? "TRUE" : parts.map(({ text }) => text).join(" AND "),
    values: parts.flatMap(({ values }) => values),
  };
}

function boundSql(column: string, bound: FieldBound, outside: boolean): Sql {
  if (bound.kind === "range") {
    const [above, below] = [bound.from.included ? ">=" : ">", bound.to.included ? "<=" : "<"];
    const text = `${column} ${above} ? AND ${column} ${below} ?`;
    const values = [bound.from.key, bound.to.key];
    if (!outside) return { text, values };
    return { text: `(${text} OR ${column} = ?)`, values: [...values, aboveAll] };
  }
  const keys = outside ? [...bound.keys, aboveAll] : bound.keys;
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return { text: `${column} = ?`, values: [only] };
  // one text, however many there are
  const list = JSON.stringify(keys.map((key) => Buffer.from(key).toString("hex")));
  return { text: `${column} IN (SELECT unhex(value) FROM json_each(?))`, values: [list] };
}
