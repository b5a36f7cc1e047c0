import type { EverdraftError } from "../../errors/everdraft-error.ts";
import type { Finding } from "../../history/check-view.ts";

/**
 * A fault of a document: the findings of `store.verify`, and besides `rows-behind` and `rows` (those of a projection are
 * not the rows that the log gives), `impure` and `failed` (a projection answers in two ways; it throws, or something refuses its rows), `orphan` (a view
 * or rows without any log), `unreadable` (it takes a newer library, or migrations that this store does not have).
 *
 * @typeParam Id the ids of documents
 */
export interface StoreFinding<Id = unknown> {
  /** The document. */
  readonly id: Id;
  /** The version at which it is; 0 where that cannot be told. */
  readonly version: number;
  /** The kind. */
  readonly kind: Finding["kind"] | "rows-behind" | "rows" | "impure" | "failed" | "orphan" | "unreadable";
  /** The projection, where it is about one. */
  readonly projection?: string;
  /** The fault in words, and its remedy. */
  readonly message: string;
  /** The error of a projection or a migration. */
  readonly cause?: unknown;
  /** The repair that `repair` makes; undefined where it can do nothing. */
  readonly mend: string | undefined;
}

/** How findings are treated. */
export interface FindingOptions<Id = unknown> {
  /** Whether views and rows that are wrong are written anew from the log. The log is never touched. Default false. */
  readonly repair?: boolean;
  /** Hears of each finding as it is made. */
  readonly onFinding?: (finding: StoreFinding<Id>) => void;
}

const mends: Readonly<Partial<Record<Finding["kind"], string>>> = {
  behind: "write the view anew from the log",
  drift: "write the view anew from the log",
  cut: "write the view anew from what is left of the log",
};

/** A finding of one document as one of a store. */
export function findingOf(id: unknown, { kind, version, message }: Finding): StoreFinding {
  return { id, version, kind, message, mend: mends[kind] };
}

/** That a document cannot be looked at. The text of its error tells the remedy. */
export function unreadable(id: unknown, { message, details }: EverdraftError): StoreFinding {
  const { version } = details;
  const at = typeof version === "number" ? version : 0;
  return { id, version: at, kind: "unreadable", message, mend: undefined };
}
