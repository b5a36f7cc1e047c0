import type { OnDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { ErasedError } from "../errors/erased-error.ts";
import { fold } from "../fold/fold.ts";
import { type EventPage, foldPage } from "../fold/fold-page.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { pace } from "../port/pace.ts";
import { checkView, type Finding, refusedBehind } from "./check-view.ts";
import { inPieces } from "./in-pieces.ts";
import { firstPage, nextLimit } from "./read-events.ts";
import { type FoundView, readViews } from "./read-views.ts";

/** The result of a verification. */
export interface Verified<Id = string> {
  /** The document. */
  readonly id: Id;
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  /** The newest version up to which the history is whole. */
  readonly version: number;
  /** The faults, the first bad version first. */
  readonly findings: readonly Finding[];
}

/**
 * Replays a document from its first event, checking each, and compares the view with the result. Behind the first
 * damage nothing can be folded, but doubled versions are still named. Reads the whole history.
 */
export async function verifyDocument(on: OnDocument): Promise<Verified<DocumentId>> {
  const { doc } = on;
  const { findings, folded } = await checkDocument(on, undefined);
  return { id: doc, ok: findings.length === 0, version: folded.version, findings };
}

/** The same, with the document as far as it could be folded. `known` holds the view where it was read before the log. */
export async function checkDocument(
  on: OnDocument,
  known: { readonly view: FoundView } | undefined,
): Promise<Pick<Check, "folded" | "findings">> {
  const { resources, doc, deadline } = on;
  const { views } = await on.opened();
  const check: Check = { folded: nothing, seen: 0, ids: new Set(), findings: [] };
  for (let first = true; ; first = false) {
    const before = check.seen;
    try {
      await checkOn(on, check);
    } catch (error) {
      // an event that its adapter cannot even read
      if (!isOfOneEvent(error)) throw error;
      damaged(check, error);
      return check;
    }
    const view = first && known !== undefined ? known.view : (await readViews(views, [doc], deadline))[0];
    // a writer may have gone on meanwhile: the version that its view has seen is looked for in the log
    const seen = typeof view === "object" ? view.version : 0;
    if (isWhole(check) && seen > check.seen && check.seen > before) continue;
    await pace.turn();
    const finding = isWhole(check) ? checkView(check.folded, view, resources.types) : undefined;
    if (finding !== undefined) check.findings.push(await explained(on, finding));
    return check;
  }
}

/** A finding, with the reason where a view is behind because its collection refuses it. */
async function explained({ doc, deadline, opened }: OnDocument, finding: Finding): Promise<Finding> {
  if (finding.kind !== "behind") return finding;
  const { views } = await opened();
  // a storage that cannot say so now keeps nobody from hearing that it is behind
  const refusal = await views.refusal?.(doc, deadline.call()).catch(() => undefined);
  return refusal === undefined ? finding : refusedBehind(finding, refusal);
}

/** Checks the events behind those that were seen, up to the end of the log. */
async function checkOn(on: OnDocument, check: Check): Promise<void> {
  const { resources, doc } = on;
  for (let limit = firstPage; ; ) {
    // not up to a head: behind a hole the log may go on
    const range = { from: check.seen + 1, to: Number.MAX_SAFE_INTEGER, limit, compare: true };
    const page = await on.page(range);
    const isLast = page.length < limit && !page.isCut;
    await pace.turn();
    for await (const part of inPieces(isLast ? page : certainPart(page)))
      checkPage(resources, doc, check, part);
    if (isLast) return;
    // two of one version are seen side by side
    limit = Math.max(2, nextLimit(page));
    await pace.turn();
  }
}

/** A page that others follow, without its last version, which may have doubles behind it that only a lost index lets in. */
function certainPart(page: EventPage): EventPage {
  const last = page.version(page.length - 1);
  let end = page.length;
  while (end > 0 && page.version(end - 1) === last) end--;
  return end > 0 ? page.part(0, end) : page;
}

function checkPage(resources: Resources, doc: DocumentId, check: Check, page: EventPage): void {
  if (isWhole(check)) {
    try {
      check.folded = foldPage(check.folded, page, doc, resources.types);
      check.seen = check.folded.version;
      checkIds(resources, doc, check, page);
      return;
    } catch (error) {
      if (!isOfOneEvent(error)) throw error;
    }
  }
  // one by one they tell where it is
  for (let i = 0; i < page.length; i++) {
    const event = page.event(i, doc, page.version(i), resources.types);
    if (event !== undefined) checkEvent(resources, doc, check, event);
  }
}

/** Names ids that two events have: only a lost index, or rows copied by hand, let them in. */
function checkIds({ types }: Resources, doc: DocumentId, { ids, findings }: Check, page: EventPage): void {
  for (let i = 0; i < page.length; i++) {
    const version = page.version(i);
    const id = page.id(i, doc, version, types);
    if (id !== undefined && ids.has(id)) {
      const message = `The event of version ${version} has the id of an earlier one, ${id}: the unique index over ids was missing. Make the index again.`;
      findings.push({ kind: "doubled", version, message });
    }
    if (id !== undefined) ids.add(id);
  }
}

function isOfOneEvent(error: unknown): error is CorruptEventError | ErasedError {
  return error instanceof CorruptEventError || error instanceof ErasedError;
}

/** How far a verification is. */
interface Check {
  /** The document as far as it could be folded. */
  folded: Folded;
  /** The version of the last event seen. */
  seen: number;
  /** The ids of the events seen. */
  readonly ids: Set<string>;
  readonly findings: Finding[];
}

function isWhole({ findings }: Check): boolean {
  return findings.length === 0;
}

function damaged(check: Check, error: CorruptEventError | ErasedError): void {
  const { version } = error.details;
  const message =
    error instanceof ErasedError
      ? `Version ${version} was erased, so the states behind it cannot be told. Its hash is right.`
      : `Version ${version} cannot be trusted: ${error.details.reason}. Restore the log from a backup.`;
  check.findings.push({ kind: "event", version, message });
}

function checkEvent(resources: Resources, doc: DocumentId, check: Check, event: StoredEvent): void {
  const { version } = event;
  const doubled = version === check.seen;
  check.seen = version;
  if (doubled) {
    const message = `Several events hold version ${version}: the slot's unique index was missing. Take away those that are not in the chain, and make the index again.`;
    check.findings.push({ kind: "doubled", version, message });
  } else if (isWhole(check)) {
    try {
      check.folded = fold(check.folded, [event], doc, resources.types);
    } catch (error) {
      if (!isOfOneEvent(error)) throw error;
      damaged(check, error);
    }
  }
}
