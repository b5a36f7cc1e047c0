import type { Resources } from "../context/resources.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { Deadline } from "../port/deadline.ts";
import { rowsName } from "../projection/define-projection.ts";
import { isPlain, type PlainObject } from "../value/value.ts";

/** A place in the order of storing, with the event that is there; position 0 where there was none yet. */
export interface MarkedPlace extends PlainObject {
  readonly position: number;
  readonly doc?: DocumentId;
  readonly version?: number;
}

/** Up to where somebody has looked at all that was stored. */
export interface Mark extends PlainObject {
  /** The time, by the clock of who made it, in milliseconds. */
  readonly at: number;
  /** The event stored last, where the storage knows the order of storing. */
  readonly last?: MarkedPlace;
}

/** The name of the mark up to which sweeps have looked at views. */
export const viewsMark = "sweep";

/** The name of the mark up to which sweeps of stores that have it have looked at the rows of a version of a projection. */
export function rowsMark(projection: string, version: number): string {
  return `${viewsMark}:${rowsName(projection, version)}`;
}

/** A mark of this moment: taken before something is looked at, it says nothing of events stored from now on. */
export async function markNow(resources: Resources, deadline: Deadline): Promise<Mark> {
  const { log } = await resources.opened(deadline);
  await resources.clock.refresh();
  const at = resources.clock.now();
  if (log.positions === undefined) return { at };
  const newest = await log.positions.newest(deadline.call());
  if (newest === undefined) return { at, last: { position: 0 } };
  const { position, doc, version } = newest;
  return { at, last: { position, doc, version } };
}

/** The mark of a record; undefined where it holds none, or one that cannot be read. */
export function markOf(record: PlainObject | undefined): Mark | undefined {
  if (record === undefined || typeof record.at !== "number") return undefined;
  const { at, last } = record;
  return isPlain(last) && isPlace(last) ? { at, last } : { at };
}

function isPlace(place: PlainObject): place is MarkedPlace {
  return typeof place.position === "number";
}

/** The lower of two marks: all that is stored behind either of them is behind it. */
export function lowerOf(a: Mark, b: Mark): Mark {
  const at = Math.min(a.at, b.at);
  if (a.last === undefined || b.last === undefined) return { at };
  return { at, last: a.last.position <= b.last.position ? a.last : b.last };
}
