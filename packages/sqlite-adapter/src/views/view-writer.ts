import type { KnownView, View, ViewOutcome } from "@everdraft/core/adapter";
import type { Database } from "../engine/database.ts";
import type { Bound } from "../engine/engine.ts";
import { idText } from "../id-text.ts";
import { entryKeeper } from "../indexes/entry-keeper.ts";
import { insertInto, quote } from "../tables.ts";
import { isUnchangedRow, type ViewRow, viewColumns, viewValues } from "./view-row.ts";

/** A view as it is bound, encoded before the file is locked. */
export interface PreparedView {
  readonly view: View;
  readonly values: readonly Bound[];
}

/** Encodes a view. */
export function prepareView(view: View): PreparedView {
  return { view, values: viewValues(view) };
}

/** The writes of views, each within a transaction of its caller's. */
export interface ViewWriter {
  /** Writes a view over a lower version that nobody changed; `before` is the one that its writer knew. */
  writeOver(prepared: PreparedView, before: KnownView): ViewOutcome;
  /** Writes a view over any other. */
  put(prepared: PreparedView): void;
}

/**
 * The statements that write views, for the table's own store and for the commit, which writes events and
 * views together.
 */
export function viewWriter(database: Database, table: string): ViewWriter {
  const byId = database.prepare<ViewRow>(`SELECT ${viewColumns} FROM ${quote(table)} WHERE id = ?`);
  const rest = viewColumns.split(", ").filter((column) => column !== "id");
  const upsert = database.prepare(`INSERT ${insertInto(table, viewColumns)}
ON CONFLICT (id) DO UPDATE SET ${rest.map((column) => `${column} = excluded.${column}`).join(", ")}`);
  const entries = entryKeeper(database, { collection: table, rows: "" });
  const put = ({ view, values }: PreparedView): void => {
    upsert.run(...values);
    entries.keep(idText(view.id), view.state);
  };
  return {
    put,
    writeOver: (prepared, before) => {
      const { view } = prepared;
      const row = byId.get(idText(view.id));
      // a deleted document has a row too, so one that is missing was taken away; a deletion asks for no more
      if (row === undefined && typeof before === "object" && view.state !== undefined) return "drift";
      if (row !== undefined && !isUnchangedRow(row)) return "drift";
      if (row !== undefined && row.version >= view.version) return "current";
      put(prepared);
      return "current";
    },
  };
}
