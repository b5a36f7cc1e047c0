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
  const facts = { ...stampOf(folded), id, since, state };
  const bytes = stateBytesOf(facts, types);
  const view = { ...facts, digest: digestOfFacts(facts, bytes ?? noBytes, types) };
  return bytes === undefined ? view : carryBytes(view, bytes);
}
