import type { Folded } from "../fold/folded.ts";
import { digestOf } from "../model/digest.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { ValueTypes } from "../model/value-type.ts";
import type { View } from "../port/view.ts";

/** The view of a document at a version; without a state where it is deleted. */
export function viewOf(folded: Folded, id: DocumentId, types: ValueTypes): View {
  const { version, at, by, eventId, schema, since, state } = folded;
  const digest = state === undefined ? "" : digestOf(state, types);
  return { id, version, at, by, eventId, schema, head: folded.hash ?? "", digest, since, state };
}
