import { checkId, type DocumentId } from "../model/document-id.ts";
import { checkCallOptions } from "./check-options.ts";
import { type Limit, limitEach, startLimit } from "./limit.ts";
import type { CallOptions } from "./options.ts";
import type { StoreParts } from "./parts.ts";

/**
 * What every call that writes no event begins with: its options are checked, the store is open, its time
 * starts.
 */
export interface CallStart {
  /** One call on a document. */
  on(id: unknown, options: CallOptions | undefined): { readonly doc: DocumentId; readonly limit: Limit };
  /** One call over several documents. */
  over(options: CallOptions | undefined): Limit;
  /** A listing or other long work, whose time counts for each of its steps. */
  longOver(options: CallOptions | undefined): Limit;
}

/** The beginning of a store's calls. Throws IdError, OptionsError, ClosedError, or the signal's reason. */
export function createCallStart({ resources, refuseClosed }: StoreParts): CallStart {
  const begin = (options: CallOptions | undefined, limit: () => Limit): Limit => {
    checkCallOptions(options);
    refuseClosed();
    const started = limit();
    started.call();
    return started;
  };
  return {
    on: (id, options) => {
      const doc = checkId(id, resources.kinds);
      return { doc, limit: begin(options, () => startLimit(options, doc)) };
    },
    over: (options) => begin(options, () => startLimit(options)),
    longOver: (options) => begin(options, () => limitEach(options)),
  };
}
