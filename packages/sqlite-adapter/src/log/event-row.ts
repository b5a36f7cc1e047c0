import {
  CorruptEventError,
  isMadeId,
  readRecord,
  recordOf,
  type Searched,
  type StoredEvent,
} from "@everdraft/core/adapter";
import { types } from "../capabilities.ts";
import type { Bound } from "../engine/engine.ts";
import { idText } from "../id-text.ts";

/** An event as its table holds it: its record, and columns that repeat the facts that are searched for. */
export interface EventRow {
  readonly doc: string;
  readonly version: number;
  readonly at: number;
  readonly by: string;
  /** The event's id where it is derived; null for one that was made for a call. */
  readonly key: string | null;
  readonly record: Uint8Array;
}

/** The columns, in the order of `eventValues`. */
export const eventColumns = 'doc, version, at, "by", key, record' as const;

/** The values to bind to store an event. */
export function eventValues(event: StoredEvent): readonly Bound[] {
  const { id, doc, version, at, by } = event;
  return [idText(doc), version, at, idText(by), keyOf(id), recordOf(event, types)];
}

/** The value of the column `key`. */
export function keyOf(eventId: string): string | null {
  return isMadeId(eventId) ? null : eventId;
}

/** The event of a row. Throws CorruptEventError, FormatTooNewError. Its hash tells whether it is the event that was stored. */
export function eventOf({ record, ...columns }: EventRow): StoredEvent {
  const event = readRecord(record, columns, types);
  checkColumns(event, columns);
  return event;
}

/** Throws CorruptEventError where the columns that are searched for differ from the event's record. */
export function checkColumns({ id, doc, version, at, by }: Searched, columns: EventColumns): void {
  const wanted = { doc, version, at, by, key: keyOf(id) };
  const wrong = searched.find((column) => columns[column] !== wanted[column]);
  if (wrong === undefined) return;
  const reason = `its column ${JSON.stringify(wrong)} is not what its record says`;
  throw new CorruptEventError({ id: columns.doc, version: columns.version, reason, eventId: id });
}

/** The columns beside the record. */
export type EventColumns = Omit<EventRow, "record">;

const searched = ["doc", "version", "at", "by", "key"] as const;
