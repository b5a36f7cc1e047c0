import { optionsError } from "../../context/check-options.ts";
import type { OnDocument } from "../../context/on-document.ts";
import type { DocumentId } from "../../model/document-id.ts";
import type { StoredEvent } from "../../model/event.ts";
import { touches } from "../../patch/touches.ts";
import type { ChangePosition, ChangeQuery } from "../../port/event-log.ts";
import { pace } from "../../port/pace.ts";
import type { FindPlan } from "../../port/view-store.ts";
import { hasOwn, sameValue } from "../../value/value.ts";
import type { ValueTypes } from "../../value/value-type.ts";
import { isListed, type ListedChanges, type Part } from "./check-listing.ts";

const pageSize = 200;

/** A call over the events of all documents. */
type OnLog = Pick<OnDocument, "resources" | "deadline">;

/** The events of all documents that are asked for, by time. Throws OptionsError for a place behind which there is no listing. */
export async function* listChanges(
  { resources, deadline }: OnLog,
  asked: ListedChanges,
  part: Part<ChangePosition>,
): AsyncGenerator<StoredEvent> {
  const { log } = await resources.opened(deadline);
  const fixed = queryOf(asked);
  let left = part.limit;
  let after = part.behind;
  for (;;) {
    const page = await log.changes({ ...fixed, ...(after && { after }) }, deadline.call());
    for (const event of page) {
      if (left <= 0) return;
      if (!isWanted(event, asked, resources.types)) continue;
      left--;
      yield event;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = placeInChanges(last);
    await pace.turn();
  }
}

/** The documents of all events from a time on, blanks included, oldest first, each as often as it has some. */
export async function* documentsSince(on: OnLog, from: number): AsyncGenerator<DocumentId> {
  const everything = { to: undefined, by: undefined, type: undefined, path: undefined, blanks: true };
  const ofAnyCall = { act: undefined, reason: undefined, meta: undefined };
  const asked = { from, order: "oldest", ...everything, ...ofAnyCall } as const;
  const all = { behind: undefined, limit: Number.POSITIVE_INFINITY };
  for await (const { doc } of listChanges(on, asked, all)) yield doc;
}

/** Throws OptionsError where the log does not have the event of a cursor: it is of another store, or of a later time. */
export async function checkPlace({ resources, deadline }: OnLog, place: ChangePosition): Promise<void> {
  const { log } = await resources.opened(deadline);
  const { doc, version, at } = place;
  const [event] = await log.read(doc, { from: version, to: version, limit: 1 }, deadline.call());
  if (event?.at !== at)
    throw optionsError("cursor", "it is of a page that ended with an event of this store");
}

/** How the pages of a listing are found now: by an index, or by a scan of all events between its times. */
export async function explainChanges(
  { resources, deadline }: OnLog,
  asked: ListedChanges,
): Promise<FindPlan> {
  const { log } = await resources.opened(deadline);
  const { by, type, act, reason, meta, path } = asked;
  const conditions = [by, type, act, reason, meta, path?.length === 0 ? undefined : path];
  // the order of the pages is that of an index on every storage
  if (conditions.every((condition) => condition === undefined)) return { kind: "index", name: "log.at" };
  return (await log.explain?.(queryOf(asked), deadline.call())) ?? { kind: "scan" };
}

function queryOf({ from, to, by, type, act, order }: ListedChanges): ChangeQuery {
  return {
    order,
    limit: pageSize,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(by !== undefined && { by }),
    ...(type !== undefined && { type }),
    ...(act !== undefined && { act }),
  };
}

/** The place of an event among those of all documents. */
export function placeInChanges({ at, doc, version }: StoredEvent): ChangePosition {
  return { at, doc, version };
}

function isWanted(event: StoredEvent, asked: ListedChanges, types: ValueTypes): boolean {
  const { path, act, reason, meta } = asked;
  if (!isListed(event, asked) || (act !== undefined && event.act !== act)) return false;
  if (reason !== undefined && event.reason !== reason) return false;
  const own = event.meta ?? {};
  if (
    meta !== undefined &&
    !Object.keys(meta).every((key) => hasOwn(own, key) && sameValue(own[key], meta[key], types))
  )
    return false;
  return path === undefined || event.patches.some((patch) => touches(patch, path));
}
