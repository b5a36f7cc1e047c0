import type { Folded } from "../fold/folded.ts";
import { stampOf } from "../fold/stamp.ts";
import { carriedBytes, carryBytes } from "../model/carried-bytes.ts";
import type { DocumentId } from "../model/document-id.ts";
import { encodeAfter } from "../patch/encode-after.ts";
import type { KnownView, View } from "../port/view.ts";
import { digestOfFacts, stateBytesOf } from "../port/view-digest.ts";
import type { ValueTypes } from "../value/value-type.ts";

const noBytes = new Uint8Array();

/**
 * The view of a document at a version; without a state where it is deleted. It carries its state's canonical bytes. Where an
 * earlier view is given that carries its own, the bytes of all that both share are copied.
 */
export function viewOf(folded: Folded, id: DocumentId, types: ValueTypes, earlier?: KnownView): View {
  const { since, state } = folded;
  const bytes = bytesAfter(earlier, folded, types);
  const digest = digestOfFacts(folded, bytes ?? noBytes, types);
  const view = { id, digest, since, state, ...stampOf(folded) };
  return bytes === undefined ? view : carryBytes(view, bytes);
}

function bytesAfter(earlier: KnownView, folded: Folded, types: ValueTypes): Uint8Array | undefined {
  const known = typeof earlier === "object" && carriedBytes(earlier);
  if (!known || folded.state === undefined) return stateBytesOf(folded, types);
  return encodeAfter({ value: earlier.state, bytes: known }, folded.state, types);
}
