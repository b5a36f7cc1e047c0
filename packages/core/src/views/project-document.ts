import { handOutOfMany } from "../context/hand-out.ts";
import type { OnDocument } from "../context/on-document.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import type { Folded } from "../fold/folded.ts";
import { readEvents } from "../history/read-events.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { RowSet } from "../port/row-store.ts";
import type { AnyProjection } from "../projection/define-projection.ts";
import { documentEvent } from "../projection/document-event.ts";
import { foldRow, rowsOfState } from "../projection/project.ts";
import type { PlainObject } from "../value/value.ts";

/** The parts that the rows of a document are made from. */
interface ProjectedDocument {
  /** The document at the version of the rows. */
  readonly folded: Folded;
  /** Its rows as they are stored. */
  readonly before?: RowSet | undefined;
  /** Its newest events where they are not stored yet. */
  readonly unstored?: readonly StoredEvent[];
}

/**
 * The rows of a document at its folded version. Those that follow from the events go on from `before` where that
 * is whole; else all events are read. Throws ProjectionError, MigrationError, CorruptEventError.
 */
export async function projectDocument(
  on: OnDocument,
  projection: AnyProjection,
  { folded, before, unstored = [] }: ProjectedDocument,
): Promise<RowSet> {
  const { resources, doc } = on;
  // rows show the document as readers see it, which a blank does not change
  const { state, schema, changed: version, at, by } = folded;
  if (state === undefined) return { doc, version, rows: [] };
  if (projection.rows !== undefined) {
    const context = { id: doc, version, at: new Date(at), by };
    const given = handOutOfMany(resources, doc, state, schema);
    return { doc, version, rows: rowsOfState(projection, given, context, resources.types) };
  }
  const goesOn = before !== undefined && before.rows.length === 1 && before.version <= version;
  let row: PlainObject | undefined = goesOn ? before.rows[0] : undefined;
  let reached = goesOn ? before.version : 0;
  const take = (event: StoredEvent): void => {
    if (event.version <= reached || event.version > version) return;
    if (event.version !== reached + 1) throw hole(doc, reached + 1);
    reached = event.version;
    if (event.type === "blank") return;
    row = foldRow(projection, row, documentEvent(event, resources.types), resources.types);
  };
  const stored = Math.min(version, (unstored[0]?.version ?? version + 1) - 1);
  const read = readEvents(on, { from: reached + 1, to: stored });
  for await (const page of read) page.forEach(take);
  unstored.forEach(take);
  if (reached < version) throw hole(doc, reached + 1);
  return { doc, version, rows: row === undefined ? [] : [row] };
}

function hole(doc: DocumentId, version: number): CorruptEventError {
  return new CorruptEventError({ id: doc, version, reason: `version ${version} is missing` });
}
