import { LRUCache } from "lru-cache";
import type { Folded } from "../fold/folded.ts";
import { bytesOf } from "../model/digest.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { ValueTypes } from "../model/value-type.ts";

/**
 * The newest states that this process knows from acknowledged events and from the log. They may be behind the
 * log, never ahead of it.
 */
export interface StateCache {
  get(doc: DocumentId): Folded | undefined;
  /** Keeps a document unless a higher version is kept already. */
  put(doc: DocumentId, folded: Folded): void;
  delete(doc: DocumentId): void;
}

const entryOverhead = 512;

/**
 * Makes the cache; it holds about `maxBytes` of canonical bytes and forgets what was not used for longest.
 */
export function createStateCache(maxBytes: number, types: ValueTypes): StateCache {
  if (maxBytes === 0) return { get: () => undefined, put: () => undefined, delete: () => undefined };
  const kept = new LRUCache<string, Folded>({
    maxSize: maxBytes,
    sizeCalculation: ({ state }) => entryOverhead + (state === undefined ? 0 : bytesOf(state, types)),
  });
  return {
    get: (doc) => kept.get(idKey(doc)),
    put: (doc, folded) => {
      const key = idKey(doc);
      if ((kept.peek(key)?.version ?? 0) <= folded.version) kept.set(key, folded);
    },
    delete: (doc) => {
      kept.delete(idKey(doc));
    },
  };
}
