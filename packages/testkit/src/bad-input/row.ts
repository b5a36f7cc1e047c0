import type { ErrorCode, EverdraftError } from "@everdraft/core";
import type { Scene } from "./scene.ts";

/** A class of errors of the library. */
export type ErrorClass = new (...given: never[]) => EverdraftError;

interface AnyRow {
  /** What is wrong, as a sentence: the test's title. */
  readonly title: string;
  /** What must be there before: it may store. */
  readonly prepare?: (scene: Scene) => Promise<unknown>;
  /** The call that must fail. */
  readonly provoke: (scene: Scene) => unknown;
  /** That it is refused before a storage is asked, so that one proof of it is enough. */
  readonly once?: true;
  /** What a caller does afterwards to go on, and the store with which the document can be edited then. */
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
  /** What the message says that helps. */
  readonly remedy: RegExp;
  /** What lies underneath, compared by identity. */
  readonly cause?: unknown;
  /** Whether the storage is closed afterwards. */
  readonly ends?: boolean;
}

/** A call that ends with what is the caller's own: the reason of an abort, or what the caller's code threw. */
export interface OwnErrorRow extends AnyRow {
  /** What it ends with, compared by identity. */
  readonly own: unknown;
}

/** One line of the table of bad input. */
export type BadInputRow = RefusedRow | OwnErrorRow;

/** A row with what several rows have in common. */
export function rowsOf<G extends object>(
  common: Pick<RefusedRow, "error" | "code">,
  rows: readonly (G & Omit<RefusedRow, "error" | "code">)[],
): RefusedRow[] {
  return rows.map((row) => ({ ...common, ...row }));
}
