import type { OnDocument } from "../context/on-document.ts";
import { ProjectionError } from "../errors/projection-error.ts";
import type { Folded } from "../fold/folded.ts";
import type { StoredEvent } from "../model/event.ts";
import type { NamedRows } from "../port/event-log.ts";
import { rowsName } from "../projection/define-projection.ts";
import type { OpenProjection } from "./open-rows.ts";
import { projectDocument } from "./project-document.ts";
import { rowsRefused } from "./rows-refused.ts";

/** Which rows are written: those of a version, or only those that are seen to be behind it. */
export type RowsWanted = "all" | "behind";

/** Whether the rows of a document were written: they were, they are up to date already, or the projection failed. */
export type RowsWritten =
  | { readonly kind: "written" }
  | { readonly kind: "current" }
  | { readonly kind: "failed"; readonly error: ProjectionError };

/** Writes the rows of a document of this version over older ones. Throws the errors of reading and writing. */
export async function writeRows(
  on: OnDocument,
  { projection, rows }: OpenProjection,
  folded: Folded,
  wanted: RowsWanted,
): Promise<RowsWritten> {
  const { doc, deadline } = on;
  const looks = wanted === "behind" || projection.fold !== undefined;
  const [before] = looks ? await rows.get([doc], deadline.call()) : [];
  if (before !== undefined && before.version >= folded.changed) return { kind: "current" };
  try {
    const set = await projectDocument(on, projection, { folded, before });
    const outcome = await rows.write(set, "lower", deadline.call());
    if (outcome === "refused") throw await rowsRefused(rows, projection, set, deadline);
    if (outcome === "behind") throw new Error("the rows are behind");
    return { kind: "written" };
  } catch (error) {
    if (!(error instanceof ProjectionError)) throw error;
    // the rows of a newer version may be there by now, and its success has nothing more to strike off
    const [now] = await rows.get([doc], deadline.call());
    if (now !== undefined && now.version >= folded.changed) return { kind: "current" };
    return { kind: "failed", error };
  }
}

/** The rows of a document at a version whose events are not stored yet. Throws the projection's errors. */
export async function rowsBeforeStored(
  on: OnDocument,
  { projection, rows }: OpenProjection,
  folded: Folded,
  events: readonly StoredEvent[],
): Promise<NamedRows> {
  const { name, version, fold } = projection;
  const [before] = fold === undefined ? [] : await rows.get([on.doc], on.deadline.call());
  const set = await projectDocument(on, projection, { folded, before, unstored: events });
  return { name: rowsName(name, version), set };
}
