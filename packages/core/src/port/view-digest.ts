import { carriedBytes } from "../model/carried-bytes.ts";
import { encode } from "../value/canonical.ts";
import { sha256Text } from "../value/digest.ts";
import { isPlain } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { View } from "./view.ts";

const noBytes = new Uint8Array();

/** The digest of a view over its facts and its state, in base64url. Costs the state's canonical bytes, unless the view carries them. */
export function digestOfView(view: Omit<View, "digest">, types: ValueTypes): string {
  return digestOfFacts(view, stateBytesOf(view, types) ?? noBytes, types);
}

/** The canonical bytes of a view's state: those that the view carries, or new ones; undefined for a deleted document. */
export function stateBytesOf(view: Pick<View, "state">, types: ValueTypes): Uint8Array | undefined {
  if (view.state === undefined) return undefined;
  return carriedBytes(view) ?? encode(view.state, types);
}

/** The digest of a view whose state is given as canonical bytes; none for a deleted document. */
export function digestOfFacts(
  facts: Omit<View, "digest" | "state" | "id">,
  state: Uint8Array,
  types: ValueTypes,
): string {
  const { version, changed, at, by, eventId, schema, hash: head, since } = facts;
  const before = encode([version, changed, at, by, eventId, schema, head, since], types);
  return sha256Text(Buffer.concat([before, state]));
}

/** Whether a view is as the library wrote it. Somebody may have written a value there that has no digest at all. */
export function isIntact(view: View, types: ValueTypes): boolean {
  try {
    const holdsState = view.state === undefined || isPlain(view.state);
    return view.version > 0 && holdsState && digestOfView(view, types) === view.digest;
  } catch {
    return false;
  }
}
