import {
  type DocumentId,
  decode,
  isPlain,
  type PlainObject,
  type Row,
  type RowSet,
} from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Steps } from "../engine/connection.ts";
import type { Database } from "../engine/database.ts";
import { piece, someAtATime } from "../engine/piece.ts";
import { idText } from "../id-text.ts";
import { quote } from "../tables.ts";
import type { RowTables } from "./row-tables.ts";

/** Reads the rows of a projection from their tables. All but `scan` within a step. */
export interface RowReader {
  /** The rows of a document; undefined where none were ever written. */
  ofDocument(doc: DocumentId): RowSet | undefined;
  /** The row with this id. */
  get(id: string): Row | undefined;
  /** Ids of documents that have rows, behind one of them. */
  documents(after: string, limit: number): readonly string[];
  /** All rows behind an id, in the order of ids, so many at a time; others run in between. */
  scan(from: string, size: number, steps: Steps): AsyncGenerator<readonly Row[]>;
}

/** A row as its table holds it. */
interface TableRow {
  readonly id: string;
  readonly doc: string;
  readonly version: number;
  readonly state: Uint8Array;
}

/** The statements that read rows. */
export function rowReader(database: Database, { rows, documents }: RowTables): RowReader {
  const select = `SELECT id, doc, version, state FROM ${quote(rows)}`;
  const ofDocument = database.prepare<TableRow>(`${select} WHERE doc = ? ORDER BY id`);
  const byId = database.prepare<TableRow>(`${select} WHERE id = ?`);
  const behind = database.prepare<TableRow>(`${select} WHERE id > ? ORDER BY id LIMIT ?`);
  const versionOf = database.prepare<{ version: number }>(
    `SELECT version FROM ${quote(documents)} WHERE doc = ?`,
  );
  const page = database.prepare<{ doc: string }>(
    `SELECT doc FROM ${quote(documents)} WHERE doc > ? ORDER BY doc LIMIT ?`,
  );
  return {
    ofDocument: (doc) => {
      const version = versionOf.get(idText(doc))?.version;
      if (version === undefined) return undefined;
      return { doc, version, rows: ofDocument.all(idText(doc)).map((row) => stateOf(row.state)) };
    },
    get: (id) => {
      const row = byId.get(id);
      return row && rowOf(row);
    },
    documents: (after, limit) => page.all(after, limit).map(({ doc }) => doc),
    scan: async function* (from, size, steps) {
      for (let after = from; ; await steps.pause()) {
        const { made: found, isLast } = await steps.attempt(() =>
          piece(
            someAtATime<TableRow>(size, (some, last) => behind.all(last?.id ?? after, some)),
            rowOf,
          ),
        );
        yield found;
        const last = found.at(-1);
        if (last === undefined || (isLast && found.length < size)) return;
        after = last.id;
      }
    },
  };
}

function rowOf({ state, ...columns }: TableRow): Row {
  return { ...columns, state: stateOf(state) };
}

/** One that cannot be read counts as an empty row: verify finds it, and a rebuild makes it anew. */
function stateOf(bytes: Uint8Array): PlainObject {
  try {
    const state = decode(bytes, types);
    return isPlain(state) ? state : {};
  } catch {
    return {};
  }
}
