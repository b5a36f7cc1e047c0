import type { OnDocument } from "../context/on-document.ts";
import { fold } from "../fold/fold.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import { readEvents } from "../history/read-events.ts";
import { type DocumentId, idKey } from "../model/document-id.ts";
import type { StoredEvent } from "../model/event.ts";
import { pace } from "../port/pace.ts";
import { digestOf } from "../value/digest.ts";
import { isPlain, type PlainObject } from "../value/value.ts";

/** The answers of an earlier run of an import for a document, revision by revision. */
export interface ImportedBefore {
  /** The last revision of which there is an event. */
  readonly done: number;
  /**
   * Whether a revision is the one that was stored then, was refused then, or is another one. Asked for in the order of
   * revisions.
   */
  compare(revision: number, given: Given): "same" | "refused" | "other";
}

/** A revision as it is given now; without a state where the document was deleted. */
interface Given {
  readonly at: number;
  readonly by: DocumentId;
  readonly reason: string | undefined;
  readonly state: PlainObject | undefined;
}

/** The trace that a revision of the import left. */
interface Left extends Omit<Given, "state"> {
  readonly revision: number;
  /** How many revisions right before it were refused. */
  readonly refused: number;
  readonly digest: string;
}

/**
 * Reads the log of a document of which the import `name` has the newest event, behind a version of it (or all of it). Of
 * revisions up to that version nothing can be asked. Throws CorruptEventError.
 */
export async function importedBefore(
  on: OnDocument,
  name: string,
  { behind = nothing, to }: { readonly behind?: Folded; readonly to: number },
): Promise<ImportedBefore> {
  const { resources, doc } = on;
  const { types } = resources;
  const digest = (state: PlainObject | undefined): string =>
    state === undefined ? "" : digestOf(state, types);
  const first: Left = {
    at: behind.at,
    by: "",
    reason: undefined,
    revision: 0,
    refused: 0,
    digest: digest(behind.state),
  };
  const left = [first];
  let done = 0;
  let folded = behind;
  for await (const page of readEvents(on, { from: behind.version + 1, to })) {
    for (const event of page) {
      await pace.turn();
      folded = fold(folded, [event], doc, types);
      const origin = originOf(event);
      if (origin?.name !== name) continue;
      const { at, by, reason } = event;
      const { revision, refused } = origin;
      left.push({ at, by, reason, revision, refused, digest: digest(folded.state) });
      done = revision;
    }
  }
  let next = 0;
  return {
    done,
    compare: (revision, given) => {
      while ((left[next]?.revision ?? Number.POSITIVE_INFINITY) <= revision) next++;
      const last = left[next - 1] ?? first;
      const isSameState = digest(given.state) === last.digest;
      // one that left the state as it was, or was refused, has no event
      if (last.revision !== revision) {
        if (isSameState) return "same";
        return (left[next]?.refused ?? 0) > 0 ? "refused" : "other";
      }
      const isSame =
        last.at === given.at && idKey(last.by) === idKey(given.by) && last.reason === given.reason;
      return isSame && isSameState ? "same" : "other";
    },
  };
}

/** Of which import and which of its revisions an event is, and how many before it were refused. */
export function originOf({ type, meta }: StoredEvent): Origin | undefined {
  const origin = type === "imported" ? meta?.import : undefined;
  if (!isPlain(origin)) return undefined;
  const { name, revision, refused = 0 } = origin;
  const isOrigin = typeof name === "string" && typeof revision === "number" && typeof refused === "number";
  return isOrigin ? { name, revision, refused } : undefined;
}

interface Origin {
  readonly name: string;
  readonly revision: number;
  readonly refused: number;
}
