import type { BlamedEvent } from "../context/blamed.ts";
import type { DocumentId } from "../model/document-id.ts";
import { isEventType, type StoredEvent } from "../model/event.ts";

/** An event as the mark of the values that it set. */
export function blamedEvent(event: StoredEvent): BlamedEvent<DocumentId> {
  const { version, at, by, type, id, reason, migrated } = event;
  return Object.freeze({
    version,
    at: new Date(at),
    by,
    // no event of the other types is stored yet
    type: isEventType(type) ? type : "edited",
    eventId: id,
    ...(reason !== undefined && { reason }),
    ...(migrated !== undefined && { migration: true as const }),
  });
}
