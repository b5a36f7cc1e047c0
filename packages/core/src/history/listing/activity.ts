import { optionsError } from "../../context/check-options.ts";
import { onDocument } from "../../context/on-document.ts";
import type { ActivityCount, InnerActivityQuery } from "../../context/queries.ts";
import type { Resources } from "../../context/resources.ts";
import { checkId, checkUser, type DocumentId, type IdKind, idKey } from "../../model/document-id.ts";
import { type EventType, isEventType } from "../../model/event.ts";
import type { Deadline } from "../../port/deadline.ts";
import { dateOf, type ListedChanges, type ListedHistory } from "./check-listing.ts";
import { listChanges } from "./list-changes.ts";
import { listHistory } from "./list-history.ts";
import { bucketsIn } from "./time-buckets.ts";

/** The events that are counted, and by which spans of time. */
export interface AskedActivity {
  readonly id: DocumentId | undefined;
  readonly by: DocumentId | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** The beginning of the span in which a time is. */
  readonly startOf: (at: number) => number;
}

/** Throws OptionsError, MomentError, IdError, UserError. */
export function checkActivity(
  query: InnerActivityQuery | undefined,
  kinds: readonly IdKind[],
): AskedActivity {
  if (typeof query !== "object" || query === null)
    throw optionsError("options", "it is an object with a bucket");
  const { id, by, from, to, bucket, timeZone = "UTC" } = query;
  if (bucket !== "hour" && bucket !== "day") throw optionsError("bucket", 'it is "hour" or "day"');
  return {
    id: id === undefined ? undefined : checkId(id, kinds),
    by: by === undefined ? undefined : checkUser(by, kinds),
    from: from === undefined ? undefined : dateOf(from),
    to: to === undefined ? undefined : dateOf(to),
    startOf: startsIn(timeZone, bucket),
  };
}

function startsIn(timeZone: unknown, bucket: "hour" | "day"): AskedActivity["startOf"] {
  try {
    if (typeof timeZone === "string") return bucketsIn(timeZone, bucket);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw optionsError("timeZone", 'it is the name of a time zone, such as "Europe/Berlin"');
}

/** One event, as far as it is counted. */
interface Counted {
  readonly at: number;
  readonly by: DocumentId;
  readonly type: EventType;
}

/** How many events there are in each span of time, by user and type. Blanks are none of them. Cost: pages of these events. */
export async function countActivity(
  resources: Resources,
  deadline: Deadline,
  asked: AskedActivity,
): Promise<readonly ActivityCount<DocumentId>[]> {
  const counts = new Map<string, { readonly start: number; count: number } & Omit<Counted, "at">>();
  for await (const { at, by, type } of countedEvents(resources, deadline, asked)) {
    const start = asked.startOf(at);
    const key = `${start} ${type} ${idKey(by)}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { start, by, type, count: 1 });
    else known.count++;
  }
  return [...counts.values()]
    .toSorted(
      (a, b) => a.start - b.start || compareTexts(idKey(a.by), idKey(b.by)) || compareTexts(a.type, b.type),
    )
    .map(({ start, by, type, count }) => Object.freeze({ start: new Date(start), by, type, count }));
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

async function* countedEvents(
  resources: Resources,
  deadline: Deadline,
  { id, by, from, to }: AskedActivity,
): AsyncGenerator<Counted> {
  const all = { behind: undefined, limit: Number.POSITIVE_INFINITY };
  const listed = { order: "oldest", by, type: undefined, blanks: false, path: undefined } as const;
  if (id === undefined) {
    const asked: ListedChanges = { ...listed, from, to, act: undefined, reason: undefined, meta: undefined };
    for await (const { at, by, type } of listChanges({ resources, deadline }, asked, all))
      if (isEventType(type)) yield { at, by, type };
    return;
  }
  const moments = {
    from: from === undefined ? undefined : { date: from },
    to: to === undefined ? undefined : { date: to },
  };
  const asked: ListedHistory = {
    ...listed,
    ...moments,
    after: undefined,
    before: undefined,
    changes: false,
    at: undefined,
  };
  for await (const { at, by, type } of listHistory(onDocument(resources, id, deadline), asked, all))
    yield { at: at.getTime(), by, type };
}
