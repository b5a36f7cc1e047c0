import type { EverdraftError } from "../../errors/everdraft-error.ts";
import type { Finding } from "../../history/check-view.ts";

/**
 * What is wrong with a document: what `store.verify` finds, and besides `rows-behind` and `rows` (those of a projection
 * are not what the log gives), `impure` and `failed` (a projection answers in two ways, or throws), `orphan` (a view or
 * rows without any log), `unreadable` (it takes a newer library, or migrations that this store does not have).
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
  /** What it is, in words, and what mends it. */
  readonly message: string;
  /** What a projection or a migration threw. */
  readonly cause?: unknown;
  /** What `repair` does about it; undefined where it can do nothing. */
  readonly mend: string | undefined;
}

/** What becomes of findings. */
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

/** That a document cannot be looked at. What its error says tells what mends it. */
export function unreadable(id: unknown, { message, details }: EverdraftError): StoreFinding {
  const { version } = details;
  const at = typeof version === "number" ? version : 0;
  return { id, version: at, kind: "unreadable", message, mend: undefined };
}
