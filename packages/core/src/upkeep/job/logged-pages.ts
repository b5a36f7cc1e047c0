import type { DocumentId } from "../../model/document-id.ts";
import type { Deadline } from "../../port/deadline.ts";
import type { EventLog } from "../../port/event-log.ts";
import { defaults } from "./options.ts";

/** The ids of all documents that ever were, behind `from`, in order, in short pages of which none is empty. */
export async function* loggedPages(
  log: EventLog,
  from: DocumentId | undefined,
  deadline: Deadline,
): AsyncGenerator<readonly DocumentId[], void> {
  const size = defaults.rangeSize;
  for (let after = from; ; ) {
    const page = await log.documents({ ...(after !== undefined && { after }), limit: size }, deadline.call());
    if (page.length > 0) yield page;
    after = page.at(-1);
    if (after === undefined || page.length < size) return;
  }
}
