import { EverdraftError } from "../errors/everdraft-error.ts";
import { faultOf, fold } from "../fold/fold.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import { digestOf } from "../model/digest.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { isPlain } from "../model/value.ts";
import type { View } from "../port/view.ts";
import type { Limit } from "./limit.ts";
import type { Resources } from "./resources.ts";

/**
 * What is wrong with a document. `event`: an event is changed, moved, out of order or missing. `doubled`: two
 * events hold one version. `cut`: the log ends before the version that the view has seen. `behind`: the view
 * waits to be brought forward. `drift`: the view is not what the log gives.
 */
export interface Finding {
  /** The kind. */
  readonly kind: "event" | "doubled" | "cut" | "behind" | "drift";
  /** The version at which it is. */
  readonly version: number;
  /** What it is, in words, and what mends it. */
  readonly message: string;
}

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
 * Replays a document from its first event, checking each, and compares the view with the result. Reads the
 * whole history.
 */
export async function verifyDocument(
  resources: Resources,
  doc: DocumentId,
  limit: Limit,
): Promise<Verified<DocumentId>> {
  const stored = await resources.opened(limit);
  const findings: Finding[] = [];
  let folded: Folded = nothing;
  const head = (await stored.log.head(doc, 0, limit.call()))?.version ?? 0;
  for (let from = 1; from <= head && findings.length === 0; from += pageSize) {
    const range = { from, to: Math.min(head, from + pageSize - 1), limit: pageSize * 2 };
    const page = await stored.log.read(doc, range, limit.call());
    folded = checkPage(resources, doc, folded, page, range.to, findings);
  }
  if (findings.length === 0) {
    const [view] = await stored.views.get([doc], limit.call());
    const finding = checkView(resources, folded, view);
    if (finding !== undefined) findings.push(finding);
  }
  return { id: doc, ok: findings.length === 0, version: folded.version, findings };
}

function checkPage(
  resources: Resources,
  doc: DocumentId,
  start: Folded,
  page: readonly StoredEvent[],
  to: number,
  findings: Finding[],
): Folded {
  let folded = start;
  for (const event of page) {
    if (event.version === folded.version) {
      findings.push({
        kind: "doubled",
        version: event.version,
        message: `Two events hold version ${event.version}: the slot's unique index was missing.`,
      });
      return folded;
    }
    const fault = faultOf(event, folded, doc, resources.types) ?? foldFault(resources, doc, folded, event);
    if (typeof fault === "string") {
      const version = folded.version + 1;
      findings.push({
        kind: "event",
        version,
        message: `Version ${version} cannot be trusted: ${fault}. Restore the log from a backup.`,
      });
      return folded;
    }
    folded = fault;
  }
  if (folded.version < to) {
    const version = folded.version + 1;
    findings.push({
      kind: "event",
      version,
      message: `Version ${version} is missing. Restore the log from a backup.`,
    });
  }
  return folded;
}

function foldFault(
  resources: Resources,
  doc: DocumentId,
  folded: Folded,
  event: StoredEvent,
): Folded | string {
  try {
    return fold(folded, [event], doc, resources.types);
  } catch (error) {
    if (error instanceof EverdraftError) return error.message;
    throw error;
  }
}

function checkView(resources: Resources, folded: Folded, view: View | undefined): Finding | undefined {
  const { version } = folded;
  const seen = view?.version ?? (folded.state === undefined ? version : 0);
  if (seen > version) {
    return {
      kind: "cut",
      version: version + 1,
      message: `The view has seen version ${seen}, but the log ends at ${version}. Restore the log; repair rewrites the view from what is left.`,
    };
  }
  if (seen < version)
    return {
      kind: "behind",
      version: seen,
      message: `The view has version ${seen} of ${version}. read, edit, sweep or repair brings it forward.`,
    };
  const state = isPlain(view?.state) ? view.state : undefined;
  const expected = folded.state === undefined ? "" : digestOf(folded.state, resources.types);
  const found = state === undefined ? "" : digestOrNothing(resources, state);
  if (
    found === expected &&
    (view === undefined || (view.head === (folded.hash ?? "") && view.digest === expected))
  )
    return undefined;
  return {
    kind: "drift",
    version,
    message:
      "The view is not what the log gives: somebody wrote to it directly. repair rewrites it from the log.",
  };
}

function digestOrNothing(resources: Resources, state: object): string | undefined {
  try {
    return digestOf(state, resources.types);
  } catch {
    return undefined;
  }
}
