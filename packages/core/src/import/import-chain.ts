import { onDocument } from "../context/on-document.ts";
import type { EverdraftError } from "../errors/everdraft-error.ts";
import { ImportConflictError } from "../errors/import-conflict-error.ts";
import { StorageError } from "../errors/storage-error.ts";
import type { Folded } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Deadline } from "../port/deadline.ts";
import type { ChainedEvent, StoredChain } from "../write/store-chain.ts";
import { type ImportRun, refusesRevision } from "./import-run.ts";
import { originOf } from "./imported-before.ts";
import type { WaitingRevision } from "./imported-event.ts";
import {
  addRevision,
  after,
  type ImportingDocument,
  lookAgain,
  orPassBy,
  refusedBehind,
  stepLimit,
  wasImported,
} from "./importing-document.ts";

/**
 * Stores a document's waiting events as one chain. Where the storage refuses the chain, shorter ones find the revision
 * that it refuses; those behind it are built anew without it. Where another run of the same import was first, the rest is
 * built behind its events; any other event in their way ends the document's import.
 */
export async function storeWaiting(run: ImportRun, document: ImportingDocument): Promise<void> {
  const { doc } = document;
  const deadline = stepLimit(doc);
  let rest: readonly WaitingRevision[] = document.waiting;
  document.waiting = [];
  let atOnce = rest.length;
  for (let first = rest[0]; first !== undefined; first = rest[0]) {
    const chain = rest.slice(0, atOnce);
    const { stored, failure, doubt } = await storeChain(run, document, chain, deadline);
    rest = rest.slice(stored);
    if (failure === undefined) atOnce = chain.length * 2;
    else if (failure.kind === "open") throw undecided(doc, doubt);
    else if (failure.kind !== "refused")
      rest = await behindOther(run, document, rest, { occupant: failure.occupant, deadline });
    else if (!refusesRevision(failure.error)) throw failure.error;
    else if (stored === 0 && chain.length > 1) atOnce = Math.ceil(chain.length / 2);
    else {
      rest = withoutFirst(run, document, rest, failure.error);
      atOnce = 1;
    }
  }
}

/** The revisions behind the first one, which is refused, as the document is without it. */
function withoutFirst(
  run: ImportRun,
  document: ImportingDocument,
  [first, ...others]: readonly WaitingRevision[],
  error: EverdraftError,
): readonly WaitingRevision[] {
  if (first === undefined) return others;
  run.refuse({ id: document.doc, revision: first.given.revision, error });
  return buildAnew(run, document, { base: first.base, refused: first.refusedBefore + 1 }, others);
}

/** The revisions behind an event that another run of this import stored in their way; none where it is of anybody else. */
async function behindOther(
  run: ImportRun,
  document: ImportingDocument,
  rest: readonly WaitingRevision[],
  { occupant, deadline }: { readonly occupant: StoredEvent; readonly deadline: Deadline },
): Promise<readonly WaitingRevision[]> {
  const { doc } = document;
  const origin = originOf(occupant);
  if (origin?.name !== run.name) {
    document.conflict = new ImportConflictError({
      id: doc,
      version: occupant.version,
      kind: "others",
      newestIs: origin?.name,
    });
    return [];
  }
  const head = await orPassBy(run, document, () => lookAgain(run, document, rest[0]?.base, deadline));
  if (head !== undefined) return buildAnew(run, document, { base: head, refused: 0 }, rest);
  run.counts.refused += rest.length;
  return [];
}

/** Revisions as the document is on another base; of those right before them so many were refused. */
function buildAnew(
  run: ImportRun,
  document: ImportingDocument,
  { base, refused }: { readonly base: Folded; readonly refused: number },
  revisions: readonly WaitingRevision[],
): readonly WaitingRevision[] {
  const { refusedSince: atEnd } = document;
  document.refusedSince = refused;
  for (const { given, refusedBefore } of revisions) {
    const since = document.refusedSince + refusedBefore;
    document.refusedSince = refusedBehind(document, since, given.revision);
    if (document.conflict !== undefined || wasImported(run, document, given)) continue;
    const last = document.waiting.at(-1);
    addRevision(run, document, given, last ? after(run.parts.resources, last) : base);
  }
  document.refusedSince = refusedBehind(document, document.refusedSince + atEnd, document.met + 1);
  const { waiting } = document;
  document.waiting = [];
  return waiting;
}

/** Stores events of the document as one chain, and counts them. `doubt` is the last answer that left the outcome open. */
async function storeChain(
  { parts, counts }: ImportRun,
  document: ImportingDocument,
  chain: readonly WaitingRevision[],
  deadline: Deadline,
): Promise<StoredChain & { readonly doubt: unknown }> {
  let doubt: unknown;
  const events = chain.map(({ built }): ChainedEvent => {
    return {
      built,
      keyed: true,
      given: () => deadline.remaining() === 0,
      sent: () => undefined,
      doubted: (cause) => {
        doubt = cause;
      },
      inContext: (work) => work(),
    };
  });
  const on = onDocument(parts.resources, document.doc, deadline);
  const result = await parts.storeChain(on, events, undefined);
  counts.events += result.stored;
  document.version = chain[result.stored - 1]?.built.event.version ?? document.version;
  return { ...result, doubt };
}

/** Says that nobody knows whether revisions are stored. `doubt` is the last answer of the storage, where there was one. */
function undecided(doc: DocumentId, doubt: unknown): StorageError {
  const reason =
    doubt instanceof Error
      ? `it was in doubt until its time was up: ${doubt.message.replace(/\.$/, "")}`
      : "it got no answer in time";
  const remedy = "Run the import again: it goes on where it stopped.";
  return new StorageError({ operation: "store revisions", id: doc, reason, remedy }, { cause: doubt });
}
