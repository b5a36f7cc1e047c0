import type { OnDocument } from "../context/on-document.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { foldPage } from "../fold/fold-page.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import type { StoredEvent } from "../model/event.ts";
import type { CheckedMoment } from "../model/moment.ts";
import { pace } from "../port/pace.ts";
import { foldInPieces } from "./in-pieces.ts";
import { readPages } from "./read-events.ts";
import { replay } from "./replay.ts";

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
      await pace.turn();
      before = after;
    }
  }
}

/** How many events a part of a walk back holds at least, and all that it holds where events are heavy. */
const partSize = 64;

/**
 * The same events of a range, newest first. Each event is folded twice at most; held are the events of one page, and one
 * state for each page behind the nearest snapshot. Throws as `steps` does.
 */
export async function* stepsBack(
  on: OnDocument,
  range: { readonly from: number; readonly to: number },
): AsyncGenerator<Step> {
  let marks: Folded[] = [];
  for (let to = range.to; to >= range.from; ) {
    if (marks.length === 0) marks = await marksUpTo(on, Math.max(range.from - 1, to - partSize));
    const start = marks.pop() ?? nothing;
    const part: Step[] = [];
    for await (const step of steps(on, start, { version: to })) part.push(step);
    for (const step of part.toReversed()) if (step.event.version >= range.from) yield step;
    to = start.version;
  }
}

/** The document at a version, and before it behind each page of events from the nearest snapshot on. */
async function marksUpTo(on: OnDocument, version: number): Promise<Folded[]> {
  if (version === 0) return [nothing];
  const { resources, doc, deadline } = on;
  const { snapshots } = await on.opened();
  const { before } = await snapshots.around(doc, { version }, deadline.call());
  let folded = before === undefined ? nothing : (await replay(on, { version: before.version })).folded;
  const marks = [folded];
  for await (const page of readPages(on, { from: folded.version + 1, to: version })) {
    folded = await foldInPieces(folded, page, doc, resources.types);
    marks.push(folded);
  }
  return marks;
}
