import { encode } from "../value/canonical.ts";
import { digestOf, sha256Text } from "../value/digest.ts";
import { isPlain } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { View } from "./view.ts";

/** The digest of a view over its facts and its state, in base64url. Costs the parts of the state that were not measured yet. */
export function digestOfView(view: Omit<View, "digest">, types: ValueTypes): string {
  const { version, changed, at, by, eventId, schema, hash: head, since, state } = view;
  const content = state === undefined ? null : digestOf(state, types);
  const facts = [version, changed, at, by, eventId, schema, head, since, content];
  return sha256Text(encode(facts, types));
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
