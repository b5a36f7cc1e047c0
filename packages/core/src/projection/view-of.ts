import type { Folded } from "../fold/folded.ts";
import { stampOf } from "../fold/stamp.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { View } from "../port/view.ts";
import { digestOfView } from "../port/view-digest.ts";
import type { ValueTypes } from "../value/value-type.ts";

/** The view of a document at a version; without a state where it is deleted. */
export function viewOf(folded: Folded, id: DocumentId, types: ValueTypes): View {
  const { since, state } = folded;
  const view = { ...stampOf(folded), id, since, state };
  return { ...view, digest: digestOfView(view, types) };
}
