import { EverdraftError } from "./everdraft-error.ts";
import { showId } from "./show.ts";

type Conflict = { readonly id: unknown; readonly version: number } & (
  | { readonly kind: "others"; readonly newestIs: string | undefined }
  | { readonly kind: "differs"; readonly revision: number }
  | { readonly kind: "refused"; readonly revision: number }
);

/**
 * An imported document has events that are not of this import, or one of its revisions is another than the one that an
 * earlier run stored in its place. The document is reported and skipped.
 */
export class ImportConflictError extends EverdraftError<Conflict> {
  /** Always `"import_conflict"`. */
  readonly code = "import_conflict" as const;

  protected override messageOf(conflict: Conflict): string {
    const { id, version, kind } = conflict;
    const document = showId(id);
    if (kind === "others") return othersMessage(document, version, conflict.newestIs);
    const revision = `Revision ${conflict.revision} of document ${document}`;
    return kind === "differs"
      ? `${revision} is another than the one that an earlier run of this import stored. The document was passed by from there on. Give the same revisions again, and new ones behind them; if this is another import, give it another name, and the document another id.`
      : `${revision} was refused in an earlier run of this import, and later ones are stored. It was passed by again: nothing can be put between events. To have it, import the document under another id.`;
  }
}

function othersMessage(document: string, version: number, newestIs: string | undefined): string {
  const whose = newestIs === undefined ? "" : `: the newest is of the import ${JSON.stringify(newestIs)}`;
  const same =
    newestIs === undefined ? "" : " If this is the same import, give it that name; if it is another one:";
  return `Document ${document} has events that are not of this import, up to version ${version}${whose}. It was passed by.${same} Import it under another id.`;
}
