import {
  digestOf,
  normalise,
  type PlainObject,
  type StoredEvent,
  type ValueTypes,
  type View,
} from "@everdraft/core/adapter";
import { plainTypes } from "./plain-types.ts";

/** The well-formed view of a document right after an event; without a state where the event takes it away. */
export function viewOf(event: StoredEvent, state?: PlainObject, types: ValueTypes = plainTypes): View {
  const sealed = state === undefined ? undefined : normalise(state, types);
  return {
    id: event.doc,
    version: event.version,
    at: event.at,
    by: event.by,
    eventId: event.id,
    schema: event.schema,
    head: event.hash,
    digest: sealed === undefined ? "" : digestOf(sealed, types),
    since: event.version * 300,
    state: sealed,
  };
}
