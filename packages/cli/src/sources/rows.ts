import type { State } from "../store/open-store.ts";

/** A document without a history. */
export interface Row {
  readonly id: unknown;
  readonly state: State;
  /** What of it would be lost: then it is left out. */
  readonly lost?: string;
}

/** Documents without a history, as a source reads them. */
export interface Rows {
  /** How many there are. */
  readonly total: number;
  /** All of them, by id. */
  all(): AsyncIterable<Row> | Iterable<Row>;
}
