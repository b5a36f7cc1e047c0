import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { fold } from "../fold/fold.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { checkView, type Finding } from "./check-view.ts";
import type { Limit } from "./limit.ts";
import type { Resources } from "./resources.ts";

/** What a verification found. */
export interface Verified<Id = string> {
  /** The document. */
  readonly id: Id;
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  /** The newest version up to which the history is whole. */
  readonly version: number;
  /** What is wrong, the first bad version first. */
  readonly findings: readonly Finding[];
}

const pageSize = 256;

/**
 * Replays a document from its first event, checking each, and compares the view with the result. Behind the first
 * damage nothing can be folded, but doubled versions are still named. Reads the whole history.
 */
export async function verifyDocument(
  resources: Resources,
  doc: DocumentId,
  limit: Limit,
): Promise<Verified<DocumentId>> {
  const { views, log } = await resources.opened(limit);
  const check: Check = { folded: nothing, seen: 0, findings: [] };
  try {
    for (let head = 0; isWhole(check); ) {
      head = (await log.head(doc, head, limit.call()))?.version ?? 0;
      const whole = check.folded.version;
      await checkUpTo(resources, doc, check, head, limit);
      const [view] = await views.get([doc], limit.call());
      // a writer may have gone on meanwhile: what its view has seen is looked for in the log
      if (view !== undefined && view.version > head && head > whole) continue;
      const finding = isWhole(check) ? checkView(check.folded, view, resources.types) : undefined;
      if (finding !== undefined) check.findings.push(finding);
      break;
    }
  } catch (error) {
    if (!(error instanceof CorruptEventError)) throw error;
    damaged(check, error);
  }
  const { findings, folded } = check;
  return { id: doc, ok: findings.length === 0, version: folded.version, findings };
}

async function checkUpTo(
  resources: Resources,
  doc: DocumentId,
  check: Check,
  head: number,
  limit: Limit,
): Promise<void> {
  const { log } = await resources.opened(limit);
  for (let from = check.seen + 1; from <= head; from += pageSize) {
    const to = Math.min(head, from + pageSize - 1);
    // room for doubles, which only a lost index lets in
    const page = await log.read(doc, { from, to, limit: pageSize * 2 }, limit.call());
    for (const event of page) checkEvent(resources, doc, check, event);
    if (isWhole(check) && check.folded.version < to) missing(check);
  }
}

/** How far a verification is. */
interface Check {
  /** What could be folded. */
  folded: Folded;
  /** The version of the last event seen. */
  seen: number;
  readonly findings: Finding[];
}

function isWhole({ findings }: Check): boolean {
  return findings.length === 0;
}

function missing(check: Check): void {
  const version = check.folded.version + 1;
  const message = `Version ${version} is missing. Restore the log from a backup.`;
  check.findings.push({ kind: "event", version, message });
}

function damaged(check: Check, { details }: CorruptEventError): void {
  const { version, reason } = details;
  const message = `Version ${version} cannot be trusted: ${reason}. Restore the log from a backup.`;
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
      if (!(error instanceof CorruptEventError)) throw error;
      damaged(check, error);
    }
  }
}
