import { changesBetween } from "../../changes/changes-between.ts";
import type { OnDocument } from "../../context/on-document.ts";
import { type Folded, nothing } from "../../fold/folded.ts";
import type { DocumentId } from "../../model/document-id.ts";
import type { StoredEvent } from "../../model/event.ts";
import type { CheckedMoment } from "../../model/moment.ts";
import { pace } from "../../port/pace.ts";
import { changedEvent, type DocumentEvent, documentEvent } from "../../projection/document-event.ts";
import { readEvents } from "../read-events.ts";
import { replay } from "../replay.ts";
import { type Step, steps, stepsBack } from "../steps.ts";
import { isListed, type ListedHistory, type Part } from "./check-listing.ts";
import { stateInSchema } from "./state-in-schema.ts";

/** The versions that a listing is of, both included. */
export interface VersionRange {
  readonly from: number;
  readonly to: number;
}

/** The events of a document that are asked for, not of one place. Cost: pages of the range between its moments. */
export async function* listHistory(
  on: OnDocument,
  asked: ListedHistory,
  { behind, limit }: Part<number>,
): AsyncGenerator<DocumentEvent<DocumentId>> {
  const { order, changes } = asked;
  const range = await rangeOf(on, asked);
  const from = order === "oldest" && behind !== undefined ? Math.max(range.from, behind + 1) : range.from;
  const to = order === "newest" && behind !== undefined ? Math.min(range.to, behind - 1) : range.to;
  let left = limit;
  if (left <= 0) return;
  const list = changes ? withChanges : withoutChanges;
  for await (const event of list(on, { from, to }, asked)) {
    yield event;
    left--;
    if (left === 0) return;
  }
}

/** The versions that are asked for, both included. */
export async function rangeOf(
  on: OnDocument,
  { from, to, after = 0, before = Number.POSITIVE_INFINITY }: ListedHistory,
): Promise<VersionRange> {
  const head = (await on.head(on.resources.cache.get(on.doc)?.folded.version ?? 0))?.version ?? 0;
  return {
    from: Math.max(after + 1, await firstVersion(on, from)),
    to: Math.min(before - 1, await lastVersion(on, to, head)),
  };
}

async function* withoutChanges(
  on: OnDocument,
  range: VersionRange,
  asked: ListedHistory,
): AsyncGenerator<DocumentEvent<DocumentId>> {
  const { types } = on.resources;
  for await (const page of pages(on, range, asked.order))
    for (const event of page) if (isListed(event, asked)) yield documentEvent(event, types);
}

async function* withChanges(
  on: OnDocument,
  range: VersionRange,
  asked: ListedHistory,
): AsyncGenerator<DocumentEvent<DocumentId>> {
  const { types } = on.resources;
  const { wordRuns } = await import("../../changes/word-runs.ts");
  for await (const { event, before, after } of stepsInOrder(on, range, asked.order)) {
    if (!isListed(event, asked)) continue;
    const states = [stateInSchema(on, before), stateInSchema(on, after)] as const;
    yield changedEvent(event, changesBetween(...states, types, wordRuns), types);
  }
}

/** The steps of a range, each event once. */
export async function* stepsInOrder(
  on: OnDocument,
  { from, to }: VersionRange,
  order: ListedHistory["order"],
): AsyncGenerator<Step> {
  if (from > to) return;
  if (order === "newest") return yield* stepsBack(on, { from, to });
  const start: Folded = from === 1 ? nothing : (await replay(on, { version: from - 1 })).folded;
  yield* steps(on, start, { version: to });
}

async function* pages(
  on: OnDocument,
  range: VersionRange,
  order: ListedHistory["order"],
): AsyncGenerator<readonly StoredEvent[]> {
  if (order === "oldest") return yield* readEvents(on, range);
  const size = 64;
  for (let to = range.to; to >= range.from; to -= size) {
    const from = Math.max(range.from, to - size + 1);
    for await (const page of readEvents(on, { from, to })) yield page.toReversed();
    await pace.turn();
  }
}

/** The version of the first event at or after a moment. */
async function firstVersion(on: OnDocument, from: CheckedMoment | undefined): Promise<number> {
  if (from === undefined) return 1;
  if ("version" in from) return from.version;
  return (await replay(on, { date: from.date - 1 })).folded.version + 1;
}

/** The version of the last event at or before a moment. */
async function lastVersion(on: OnDocument, to: CheckedMoment | undefined, head: number): Promise<number> {
  if (to === undefined) return head;
  if ("version" in to) return Math.min(to.version, head);
  return (await replay(on, to)).folded.version;
}
