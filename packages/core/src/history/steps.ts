import type { OnDocument } from "../context/on-document.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { foldPage } from "../fold/fold-page.ts";
import type { Folded } from "../fold/folded.ts";
import type { StoredEvent } from "../model/event.ts";
import type { CheckedMoment } from "../model/moment.ts";
import { readPages } from "./read-events.ts";

/** An event of a replay, with the document before and after it. */
export interface Step {
  readonly event: StoredEvent;
  readonly before: Folded;
  readonly after: Folded;
}

/**
 * Folds the events behind `start` one by one up to a moment; the states share the parts that an event did not change. Ends
 * at the head where the moment is beyond it. Throws CorruptEventError, ErasedError, FormatTooNewError.
 */
export async function* steps(on: OnDocument, start: Folded, moment: CheckedMoment): AsyncGenerator<Step> {
  const { resources, doc } = on;
  const to = "version" in moment ? moment.version : Number.MAX_SAFE_INTEGER;
  let before = start;
  for await (const page of readPages(on, { from: start.version + 1, to })) {
    for (let i = 0; i < page.length; i++) {
      if ("date" in moment && page.at(i) > moment.date) return;
      const version = before.version + 1;
      const after = foldPage(before, page.part(i, i + 1), doc, resources.types);
      const event = page.event(i, doc, version, resources.types);
      if (event === undefined) throw new CorruptEventError({ id: doc, version, reason: "it is missing" });
      yield { event, before, after };
      before = after;
    }
  }
}
