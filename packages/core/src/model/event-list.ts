import type { StoredEvent } from "./event.ts";

/** Events of one document in a row, with the calls of a `RecordPage`: for storages that keep fields. */
export interface EventList {
  readonly kind: "events";
  readonly events: readonly StoredEvent[];
  /** How many there are. */
  readonly length: number;
  /** Whether the storage left out further ones that were asked for. */
  readonly isCut: false;
  /** The version of event `i`. Not checked. */
  version(i: number): number;
  /** The time of event `i`, in milliseconds. Not checked. */
  at(i: number): number;
  /** Some of the events. */
  part(from: number, to?: number): EventList;
  /** The id of event `i`. */
  id(i: number): string | undefined;
  /** Event `i`. */
  event(i: number): StoredEvent | undefined;
}

/** A list of these events. */
export function eventList(events: readonly StoredEvent[]): EventList {
  return {
    kind: "events",
    events,
    length: events.length,
    isCut: false,
    version: (i) => events[i]?.version ?? Number.NaN,
    at: (i) => events[i]?.at ?? Number.NaN,
    part: (from, to) => eventList(events.slice(from, to)),
    id: (i) => events[i]?.id,
    event: (i) => events[i],
  };
}
