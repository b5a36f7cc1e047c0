import type { PlainObject } from "../value/value.ts";
import { noStamp, type Stamp } from "./stamp.ts";

/** A document at a version: the fold of its events up to there. */
export interface Folded extends Stamp {
  /** The sealed state, unmigrated; undefined before the creation and while deleted. */
  readonly state: PlainObject | undefined;
  /** The time of the newest event, blanks included, in milliseconds: the next one's is not before it. */
  readonly lastAt: number;
  /** The weight of the events since the newest snapshot, in bytes. */
  readonly since: number;
}

/** A document without events. */
export const nothing: Folded = Object.freeze({
  ...noStamp,
  state: undefined,
  lastAt: Number.NEGATIVE_INFINITY,
  since: 0,
});
