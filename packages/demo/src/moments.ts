import type { DocumentEvent, Moment, Store } from "@everdraft/core";
import { minute } from "./render.ts";

const day = 24 * 60 * 60 * 1000;

/** The moments of a document's history that the tour visits. */
export interface TourMoments {
  /** The newest event. */
  readonly head: DocumentEvent;
  /** About the middle of the history's time; the document lived then. */
  readonly middle: Moment;
  /** Between the middle and the end. */
  readonly later: Moment;
}

/** Picks the moments; undefined for a document without events. */
export async function pickMoments(
  store: Store<Record<string, unknown>>,
  id: string,
): Promise<TourMoments | undefined> {
  const [first] = await store.history(id, { limit: 1 }).toArray();
  const [head] = await store.history(id, { order: "newest", limit: 1 }).toArray();
  if (first === undefined || head === undefined) return undefined;
  const versionAt = async (moment: Moment) => (await store.read(id, moment))?.version;

  let middle: Moment = between(first.at, head.at);
  const version = await versionAt(middle);
  // all in one moment, or deleted just then: a version says it better than a date
  if (version === undefined || version === head.version)
    middle = await livingVersion(store, id, head.version);
  let later: Moment = between(middle instanceof Date ? middle : head.at, head.at);
  if ((await versionAt(later)) === (await versionAt(middle))) later = { version: head.version };
  return { head, middle, later };
}

/** The midnight before the time halfway, or that time itself where midnight is too early. */
function between(from: Date, to: Date): Date {
  const half = Math.floor((from.getTime() + to.getTime()) / 2);
  const midnight = Math.floor(half / day) * day;
  return new Date(midnight >= from.getTime() ? midnight : half);
}

/** The version halfway or before at which the document lived; the first version is always one. */
async function livingVersion(
  store: Store<Record<string, unknown>>,
  id: string,
  head: number,
): Promise<Moment> {
  let version = Math.max(1, Math.floor(head / 2));
  while (version > 1 && (await store.stateAt(id, { version })) === undefined) version--;
  return { version };
}

/** A moment in words: "2021-12-31", "2021-12-31 10:33 UTC" or "version 3". */
export function momentName(moment: Moment): string {
  if (!(moment instanceof Date)) return `version ${moment.version}`;
  const text = minute(moment);
  return text.endsWith(" 00:00") ? text.slice(0, 10) : `${text} UTC`;
}
