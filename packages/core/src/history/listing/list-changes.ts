import type { OnDocument } from "../../context/on-document.ts";
import type { StoredEvent } from "../../model/event.ts";
import { touches } from "../../patch/touches.ts";
import type { ChangePosition } from "../../port/event-log.ts";
import { pace } from "../../port/pace.ts";
import { isListed, type ListedChanges, type Part } from "./check-listing.ts";

const pageSize = 200;

/** The events of all documents that are asked for, by time. */
export async function* listChanges(
  { resources, deadline }: Pick<OnDocument, "resources" | "deadline">,
  asked: ListedChanges,
  part: Part<ChangePosition>,
): AsyncGenerator<StoredEvent> {
  const { log } = await resources.opened(deadline);
  const { from, to, by, type, order } = asked;
  const fixed = {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(by !== undefined && { by }),
    ...(type !== undefined && { type }),
    order,
    limit: pageSize,
  };
  let left = part.limit;
  let after = part.behind;
  for (;;) {
    const page = await log.changes({ ...fixed, ...(after && { after }) }, deadline.call());
    for (const event of page) {
      if (left <= 0) return;
      if (!isWanted(event, asked)) continue;
      left--;
      yield event;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = placeInChanges(last);
    await pace.turn();
  }
}

/** The place of an event among those of all documents. */
export function placeInChanges({ at, doc, version }: StoredEvent): ChangePosition {
  return { at, doc, version };
}

function isWanted(event: StoredEvent, asked: ListedChanges): boolean {
  const { path } = asked;
  return (
    isListed(event, asked) && (path === undefined || event.patches.some((patch) => touches(patch, path)))
  );
}
