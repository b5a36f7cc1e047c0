import type { ImportOptions, ImportProgress, ImportRefusal } from "../context/revision.ts";
import { ConstraintError } from "../errors/constraint-error.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { EverdraftError } from "../errors/everdraft-error.ts";
import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { IdError } from "../errors/id-error.ts";
import { NotAdoptedError } from "../errors/not-adopted-error.ts";
import { OptionsError } from "../errors/options-error.ts";
import { ReservedFieldError } from "../errors/reserved-field-error.ts";
import { SchemaTooNewError } from "../errors/schema-too-new-error.ts";
import { TooLargeError } from "../errors/too-large-error.ts";
import { UserError } from "../errors/user-error.ts";
import { ValueError } from "../errors/value-error.ts";
import { ViewAheadError } from "../errors/view-ahead-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoreParts } from "../write/store-parts.ts";

/** One run of an import: its name, how far it is, and how it treats revisions that cannot be stored. */
export interface ImportRun {
  readonly parts: StoreParts;
  readonly name: string;
  /** Counts up as it goes; documents are counted where they are kept. */
  readonly counts: { -readonly [K in Exclude<keyof ImportProgress, "documents">]: number };
  /** Throws the error where the import is to stop at it; else counts and tells it. */
  readonly refuse: (refusal: ImportRefusal) => void;
  /** As `refuse` for a document in which nothing can be stored: it is told, and its revisions are counted one by one. */
  readonly passBy: (doc: DocumentId, error: EverdraftError) => void;
}

/** Begins a run. Its options were checked. */
export function beginRun(parts: StoreParts, options: ImportOptions): ImportRun {
  const { onRefused, onRefusal, name = "import" } = options;
  const counts = { revisions: 0, events: 0, unchanged: 0, skipped: 0, refused: 0 };
  const tell = (refusal: ImportRefusal): void => {
    if (onRefused !== "skip") throw refusal.error;
    onRefusal?.(refusal);
  };
  return {
    parts,
    name,
    counts,
    refuse: (refusal) => {
      tell(refusal);
      counts.refused++;
    },
    passBy: (id, error) => tell({ id, revision: undefined, error }),
  };
}

const ofOneRevision = [
  ...[ConstraintError, IdError, OptionsError, ReservedFieldError],
  ...[TooLargeError, UserError, ValueError],
];
const ofOneDocument = [
  ...[CorruptEventError, DriftError, FormatTooNewError, NotAdoptedError],
  ...[SchemaTooNewError, ViewAheadError],
];

/** Whether an error says of one revision that it cannot be stored, whatever the others are. */
export function refusesRevision(error: unknown): error is EverdraftError {
  return error instanceof EverdraftError && ofOneRevision.some((one) => error instanceof one);
}

/** Whether an error says of one document that nothing can be stored in it, whatever the others are. */
export function refusesDocument(error: unknown): error is EverdraftError {
  return error instanceof EverdraftError && ofOneDocument.some((one) => error instanceof one);
}

/** Does something for a revision; undefined where the revision was refused, and the import goes on. */
export function orRefuse<V>(
  run: ImportRun,
  about: Omit<ImportRefusal, "error">,
  work: () => V,
): V | undefined {
  try {
    return work();
  } catch (error) {
    if (!refusesRevision(error)) throw error;
    run.refuse({ ...about, error });
    return undefined;
  }
}
