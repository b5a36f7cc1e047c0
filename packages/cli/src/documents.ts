import type { DocumentId } from "@everdraft/core/adapter";
import type { OpenStore } from "./open-store.ts";
import type { Session } from "./session.ts";

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
