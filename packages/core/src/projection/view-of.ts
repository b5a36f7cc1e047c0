import type { Folded } from "../fold/folded.ts";
import { stampOf } from "../fold/stamp.ts";
import { carryBytes } from "../model/carried-bytes.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { View } from "../port/view.ts";
import { digestOfFacts, stateBytesOf } from "../port/view-digest.ts";
import type { ValueTypes } from "../value/value-type.ts";

const noBytes = new Uint8Array();

/** The view of a document at a version; without a state where it is deleted. It carries its state's canonical bytes. */
export function viewOf(folded: Folded, id: DocumentId, types: ValueTypes): View {
  const { since, state } = folded;
  const bytes = stateBytesOf(folded, types);
  const digest = digestOfFacts(folded, bytes ?? noBytes, types);
  const view = { id, digest, since, state, ...stampOf(folded) };
  return bytes === undefined ? view : carryBytes(view, bytes);
}
