import type { OnDocument } from "../../context/on-document.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { ProjectionError } from "../../errors/projection-error.ts";
import { SchemaTooNewError } from "../../errors/schema-too-new-error.ts";
import type { Folded } from "../../fold/folded.ts";
import type { RowSet } from "../../port/row-store.ts";
import type { AnyProjection } from "../../projection/define-projection.ts";
import { sameValue } from "../../value/value.ts";
import { projectDocument } from "../../views/project-document.ts";
import type { StoreFinding } from "./findings.ts";

/** The fault of the rows of a document in one projection, compared with those that its log gives; or undefined. */
export async function checkRows(
  on: OnDocument,
  projection: AnyProjection,
  folded: Folded,
  stored: RowSet | undefined,
): Promise<StoreFinding | undefined> {
  const { resources, doc } = on;
  const { name } = projection;
  const { changed: version } = folded;
  const about = { id: doc, version, projection: name };
  let wanted: RowSet;
  try {
    wanted = await projectDocument(on, projection, { folded });
    // twice on the same frozen input: a projection that is not pure cannot be checked, nor rebuilt
    const again = await projectDocument(on, projection, { folded });
    if (!sameValue(wanted.rows, again.rows, resources.types)) {
      const message = `The projection ${name} answers the same input in two ways. Make it pure, give it a new version, and rebuild it.`;
      return { ...about, kind: "impure", message, mend: undefined };
    }
  } catch (error) {
    if (
      error instanceof ProjectionError ||
      error instanceof MigrationError ||
      error instanceof SchemaTooNewError
    ) {
      const { message, cause } = error;
      return { ...about, kind: "failed", message, cause, mend: undefined };
    }
    throw error;
  }
  const mend = `write the rows of ${name} anew from the log`;
  if ((stored?.version ?? 0) < version) {
    // none where there are to be none is right too, for documents from before the projection
    if (stored === undefined && wanted.rows.length === 0) return undefined;
    const message = `The rows of ${name} have version ${stored?.version ?? 0} of ${version}. read, sweep, rebuild or repair brings them forward.`;
    return { ...about, kind: "rows-behind", message, mend };
  }
  if (stored?.version === version && sameValue(stored.rows, wanted.rows, resources.types)) return undefined;
  const message = `The rows of ${name} are not what the log gives: they were written to directly, or the projection changed without a new version. rebuild or repair writes them anew.`;
  return { ...about, kind: "rows", message, mend };
}
