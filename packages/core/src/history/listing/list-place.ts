import { changesAt, type WordRuns } from "../../changes/changes-between.ts";
import { type Place, placeBefore, placeIn, valueAt } from "../../changes/place-before.ts";
import { optionsError } from "../../context/check-options.ts";
import type { OnDocument } from "../../context/on-document.ts";
import { NoSuchPlaceError } from "../../errors/no-such-place-error.ts";
import type { DocumentId } from "../../model/document-id.ts";
import { changedEvent, type DocumentEvent, documentEvent } from "../../projection/document-event.ts";
import type { Path } from "../../value/path.ts";
import { sameValue } from "../../value/value.ts";
import { replay } from "../replay.ts";
import { type Step, stepsBack } from "../steps.ts";
import { isListed, type ListedHistory, type Part } from "./check-listing.ts";
import { rangeOf, stepsInOrder, type VersionRange } from "./list-history.ts";
import { stateInSchema } from "./state-in-schema.ts";

/** A path of the state of a version. */
interface PathAt {
  readonly version: number;
  readonly path: Path;
}

/** Where a page of a place's history ended, and from where the place is followed back for the next one. */
export interface EndOfPage {
  readonly version: number;
  readonly from: PathAt;
}

/** An event of a place's history, and the end of a page behind it. */
export interface EventOfPlace {
  readonly item: DocumentEvent<DocumentId>;
  readonly place: EndOfPage;
}

/** An event that changed the value at a place: the paths of the place before and after it, undefined where it was not there. */
interface Hit {
  readonly version: number;
  readonly before: Path | undefined;
  readonly after: Path | undefined;
}

/** A place in the state of a version, which is followed back through the events of a range. */
interface Followed {
  readonly version: number;
  readonly place: Place;
  readonly range: VersionRange;
}

/**
 * The events that changed the value at a place, wherever it stood. The path is of the state at a moment; elements of arrays are
 * followed back from there, event by event. Cost: newest first a replay from the last of the events that are given up to
 * the moment; oldest first two replays of the range up to the moment. Throws NoSuchPlaceError, VersionAheadError.
 */
export async function* listPlace(
  on: OnDocument,
  asked: ListedHistory & { readonly path: Path },
  { behind, limit }: Part<EndOfPage>,
): AsyncGenerator<EventOfPlace> {
  if (limit <= 0) return;
  const { version, place } = await startOf(on, asked, behind?.from);
  const { from, to } = await rangeOf(on, asked);
  const isNewest = asked.order === "newest";
  const range = {
    from: isNewest ? from : Math.max(from, (behind?.version ?? 0) + 1),
    to: isNewest ? Math.min(to, (behind?.version ?? Number.POSITIVE_INFINITY) - 1) : to,
  };
  const start = { version, path: place.path };
  const words = asked.changes ? (await import("../../changes/word-runs.ts")).wordRuns : undefined;
  let left = limit;
  for await (const [step, hit] of (isNewest ? hitsBack : hitsForward)(on, { version, place, range }, asked)) {
    // a place that is not there cannot be told by its path, so the next page follows it from the beginning
    const next =
      isNewest && hit.before !== undefined ? { version: hit.version - 1, path: hit.before } : start;
    yield { item: eventOf(on, step, hit, words), place: { version: hit.version, from: next } };
    left--;
    if (left === 0) return;
  }
}

/** The place that is followed, in the state of a moment. */
async function startOf(
  on: OnDocument,
  { path, at = { date: Number.POSITIVE_INFINITY } }: ListedHistory & { readonly path: Path },
  given: PathAt | undefined,
): Promise<{ readonly version: number; readonly place: Place }> {
  const { folded } = await replay(on, given === undefined ? at : { version: given.version });
  const { version } = folded;
  const state = stateInSchema(on, folded);
  const place = placeIn(state, given?.path ?? path);
  if (place !== undefined) return { version, place };
  if (given !== undefined) throw optionsError("cursor", "it is the next of the page before, as it was given");
  const found = state === undefined ? "nothing" : "document";
  throw new NoSuchPlaceError({ id: on.doc, path, version, found });
}

/** The events that changed the value at a place, newest first, each with the states around it. */
async function* hitsBack(
  on: OnDocument,
  { version, place, range }: Followed,
  asked: ListedHistory,
): AsyncGenerator<readonly [Step, Hit]> {
  const { types } = on.resources;
  let after = place;
  for await (const step of stepsBack(on, { from: range.from, to: version })) {
    const [earlier, later] = [stateInSchema(on, step.before), stateInSchema(on, step.after)];
    const before = placeBefore(after, earlier, later, types);
    const old = before && valueAt(before, earlier);
    const now = valueAt(after, later);
    const differs = old === undefined || now === undefined ? old !== now : !sameValue(old, now, types);
    if (differs && step.event.version <= range.to && isListed(step.event, asked))
      yield [step, { version: step.event.version, before: pathOf(before), after: pathOf(after) }];
    if (before === undefined) return;
    after = before;
  }
}

function pathOf(place: Place | undefined): Path | undefined {
  return place?.lost === undefined ? place?.path : undefined;
}

/** The same, oldest first. Held are the numbers of the events, and the paths of the place. */
async function* hitsForward(
  on: OnDocument,
  followed: Followed,
  asked: ListedHistory,
): AsyncGenerator<readonly [Step, Hit]> {
  const hits: Hit[] = [];
  for await (const [, hit] of hitsBack(on, followed, asked)) hits.push(hit);
  const [first, last] = [hits.at(-1), hits[0]];
  if (first === undefined || last === undefined) return;
  for await (const step of stepsInOrder(on, { from: first.version, to: last.version }, "oldest")) {
    const hit = hits.at(-1);
    if (hit?.version !== step.event.version) continue;
    hits.pop();
    yield [step, hit];
  }
}

function eventOf(
  on: OnDocument,
  { event, before, after }: Step,
  hit: Hit,
  words: WordRuns | undefined,
): DocumentEvent<DocumentId> {
  const { types } = on.resources;
  if (words === undefined) return documentEvent(event, types);
  const changes = changesAt(
    hit.before && { path: hit.before, state: stateInSchema(on, before) },
    hit.after && { path: hit.after, state: stateInSchema(on, after) },
    types,
    words,
  );
  return changedEvent(event, changes, types);
}
