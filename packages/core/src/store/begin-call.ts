import { checkOptionsOf } from "../context/check-options.ts";
import { type OnDocument, onDocument } from "../context/on-document.ts";
import type { CallName } from "../context/option-names.ts";
import type { CallOptions } from "../context/options.ts";
import { checkId } from "../model/document-id.ts";
import { type Deadline, deadlineOfCall, deadlineOfEach } from "../port/deadline.ts";
import type { StoreParts } from "../write/store-parts.ts";

/** The beginning of every call that writes no event: its options are checked, the store is open, its time starts. */
export interface CallStart {
  /** One call on a document. */
  on(callName: CallName, id: unknown, options: CallOptions | undefined): OnDocument;
  /** One call over several documents. */
  over(callName: CallName, options: CallOptions | undefined): Deadline;
  /** A listing or other long work, whose time counts for each of its steps. */
  longOver(callName: CallName, options: CallOptions | undefined): Deadline;
}

/** The beginning of a store's calls. Throws IdError, OptionsError, ClosedError, or the signal's reason. */
export function createCallStart({ resources, refuseClosed }: StoreParts): CallStart {
  const begin = (callName: CallName, options: CallOptions | undefined, limit: () => Deadline): Deadline => {
    checkOptionsOf(callName, options);
    refuseClosed();
    const started = limit();
    started.call();
    return started;
  };
  return {
    on: (callName, id, options) => {
      const doc = checkId(id, resources.kinds);
      return onDocument(
        resources,
        doc,
        begin(callName, options, () => deadlineOfCall(options, doc)),
      );
    },
    over: (callName, options) => begin(callName, options, () => deadlineOfCall(options)),
    longOver: (callName, options) => begin(callName, options, () => deadlineOfEach(options)),
  };
}
