import type { ErrorCode, EverdraftError } from "@everdraft/core";
import type { Scene } from "./scene.ts";

/** A class of errors of the library. */
export type ErrorClass = new (...given: never[]) => EverdraftError;

interface AnyRow {
  /** The mistake, as a sentence: the test's title. */
  readonly title: string;
  /** The preparation: it may store. */
  readonly prepare?: (scene: Scene) => Promise<unknown>;
  /** The call that must fail. */
  readonly provoke: (scene: Scene) => unknown;
  /** The caller's remedy, and the store with which the document can be edited then. */
  readonly once?: true;
  /** The caller's remedy, and the store with which the document can be edited then. */
  readonly goOn?: (scene: Scene) => Promise<Scene["store"]>;
}

/** A call that is refused by an error of the library. */
export interface RefusedRow extends AnyRow {
  /** The class of the error. */
  readonly error: ErrorClass;
  /** Its code. */
  readonly code: ErrorCode;
  /** The facts that it carries; more may be there. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The remedy in the message. */
  readonly remedy: RegExp;
  /** The cause, compared by identity. */
  readonly cause?: unknown;
  /** Whether the storage is closed afterwards. */
  readonly ends?: boolean;
}

/** A call that ends with a value of the caller's own: the reason of an abort, or an error that the caller's code threw. */
export interface OwnErrorRow extends AnyRow {
  /** The value with which it ends, compared by identity. */
  readonly own: unknown;
}

/** One line of the table of bad input. */
export type BadInputRow = RefusedRow | OwnErrorRow;

/** A row that is filled in with the common parts of several rows. */
export function rowsOf<G extends object>(
  common: Pick<RefusedRow, "error" | "code">,
  rows: readonly (G & Omit<RefusedRow, "error" | "code">)[],
): RefusedRow[] {
  return rows.map((row) => ({ ...common, ...row }));
}
