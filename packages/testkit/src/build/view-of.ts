import {
  digestOfView,
  type PlainObject,
  type StoredEvent,
  type ValueTypes,
  type View,
} from "@everdraft/core/adapter";
import { normalise } from "@everdraft/core/internals";
import { plainTypes } from "./plain-types.ts";

/** The well-formed view of a document right after an event; without a state where the event takes it away. */
export function viewAfter(event: StoredEvent, state?: PlainObject, types: ValueTypes = plainTypes): View {
  const sealed = state === undefined ? undefined : normalise(state, types);
  const { doc: id, version, at, by, id: eventId, schema, hash } = event;
  const facts = { id, version, hash, changed: version, at, by, eventId, schema };
  return withDigest({ ...facts, since: version * 300, state: sealed }, types);
}

/** A view with the digest of its own state: one that nobody changed afterwards. */
export function withDigest(view: Omit<View, "digest">, types: ValueTypes = plainTypes): View {
  return { ...view, digest: digestOfView(view, types) };
}
