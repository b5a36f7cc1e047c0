import type { DocumentId } from "../model/document-id.ts";

/** Something that a store tells about and that is no error of a call. */
export type Notice =
  /** A view could not be written; its event is stored, and the store keeps trying. */
  | {
      readonly type: "view-behind";
      readonly id: DocumentId;
      readonly version: number;
      readonly cause?: unknown;
    }
  /** The collection refuses a view for its content; its event is stored. The cause is a ConstraintError that says why. */
  | {
      readonly type: "view-refused";
      readonly id: DocumentId;
      readonly version: number;
      readonly cause: unknown;
    }
  /** Another program changed a view or took it away; the event is stored, and the view was left alone. */
  | { readonly type: "view-drift"; readonly id: DocumentId; readonly version: number }
  /** The rows of a document could not be written; its event is stored, and the store keeps trying. */
  | {
      readonly type: "rows-behind";
      readonly id: DocumentId;
      readonly version: number;
      readonly cause?: unknown;
    }
  /** Rows were found while some that this process has to write are missing. */
  | { readonly type: "rows-incomplete"; readonly projection: string }
  /** Another writer took the version; the call is run again on the newer state. */
  | {
      readonly type: "conflict-retry";
      readonly id: DocumentId;
      readonly version: number;
      readonly attempt: number;
    }
  /** An answer was in doubt; the slot is read, and the same event sent again where it is empty. */
  | {
      readonly type: "resend";
      readonly id: DocumentId;
      readonly version: number;
      readonly attempt: number;
      readonly cause?: unknown;
    }
  /** The head lies in the future of this process's clock; the new event takes the head's time. */
  | { readonly type: "future-head"; readonly id: DocumentId; readonly version: number; readonly at: Date }
  /**
   * A find or count, which asks for more than ids, met a document of an older schema version (`found`; the store has
   * `known`). Such documents are all read, migrated and looked at one by one, until `migrate` of `@everdraft/core/upkeep`
   * has brought them up. Told once by each.
   */
  | { readonly type: "older-schema"; readonly id: DocumentId; readonly found: number; readonly known: number }
  /**
   * A find or count left out documents of a newer schema version, of which this is one: newer code wrote them. Told once by
   * each.
   */
  | { readonly type: "newer-schema"; readonly id: DocumentId; readonly found: number; readonly known: number }
  /** An index is complete, and finds use it from now on. */
  | { readonly type: "index-built"; readonly index: string }
  /** Indexes could not be made or built; finds read all meanwhile, and the next opening tries again. */
  | { readonly type: "index-failed"; readonly cause: unknown }
  /** A snapshot did not match its event and was dropped. */
  | { readonly type: "snapshot-dropped"; readonly id: DocumentId; readonly version: number }
  /** A snapshot could not be kept; the next writer tries again. */
  | {
      readonly type: "snapshot-failed";
      readonly id: DocumentId;
      readonly version: number;
      readonly cause: unknown;
    }
  /** The sweep at opening could not be done; or a sweep skipped a document that is damaged. */
  | { readonly type: "sweep-failed"; readonly cause: unknown }
  /**
   * A migration threw on a document. Its error reached the caller as it is; the cause here is a MigrationError that names
   * the document and has the same cause.
   */
  | { readonly type: "migration-failed"; readonly id: DocumentId; readonly cause: unknown }
  /** A projection failed on a document, which is now in its list of failures; the cause is a ProjectionError. */
  | {
      readonly type: "projection-failed";
      readonly id: DocumentId;
      readonly version: number;
      readonly cause: unknown;
    };
