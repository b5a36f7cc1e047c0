import type { DocumentEvent } from "@everdraft/core";
import type { DocumentId } from "@everdraft/core/adapter";
import { shellWord } from "@everdraft/git-history/text";
import { FailedError } from "../failure.ts";
import type { Session } from "../session.ts";
import type { OpenStore } from "../store/open-store.ts";
import { plain } from "../text/text.ts";
import { idText } from "./document-id.ts";

const pageSize = 500;

/** The ids of all documents that ever were, in order. */
export async function* listDocuments(session: Session, open: OpenStore): AsyncGenerator<DocumentId> {
  const { log } = await open.stored();
  for (let after: DocumentId | undefined; ; ) {
    const page = await log.documents(
      { ...(after !== undefined && { after }), limit: pageSize },
      session.call,
    );
    yield* page;
    after = page.at(-1);
    if (page.length < pageSize || after === undefined) return;
    session.signal.throwIfAborted();
  }
}

/** The newest event of a document. Throws FailedError where it has none. */
export async function newestEvent(
  { call, naming }: Session,
  open: OpenStore,
  id: unknown,
): Promise<DocumentEvent<unknown>> {
  const { store, target } = open;
  const [newest] = await store.history(id, { order: "newest", limit: 1, ...call }).toArray();
  if (newest !== undefined) return newest;
  if (!(await store.exists(id, call))) throw noDocument(open, id);
  throw new FailedError(
    `The document ${JSON.stringify(idText(id))} in ${target.options.collection} has no history: something else put it there, or its events are lost. More is said by: everdraft verify ${shellWord(plain(idText(id)))}${naming}`,
  );
}

/** The error for a document that never was. */
export function noDocument({ target }: OpenStore, id: unknown): FailedError {
  return new FailedError(
    `There is no document ${JSON.stringify(idText(id))} in ${target.options.collection}, and never was.`,
  );
}
