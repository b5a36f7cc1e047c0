import type { StoredEvent } from "./event.ts";

/** Events of one document in a row, with the calls of a `RecordPage`: for storages that keep fields. */
export class EventList {
  readonly events: readonly StoredEvent[];
  /** Whether the storage left out further ones that were asked for. */
  readonly isCut = false;

  constructor(events: readonly StoredEvent[]) {
    this.events = events;
  }

  /** How many there are. */
  get length(): number {
    return this.events.length;
  }

  /** The version of event `i`. Not checked. */
  version(i: number): number {
    return this.events[i]?.version ?? Number.NaN;
  }

  /** The time of event `i`, in milliseconds. Not checked. */
  at(i: number): number {
    return this.events[i]?.at ?? Number.NaN;
  }

  /** Some of the events. */
  part(from: number, to: number = this.length): EventList {
    return new EventList(this.events.slice(from, to));
  }

  /** The id of event `i`. */
  id(i: number): string | undefined {
    return this.events[i]?.id;
  }

  /** Event `i`. */
  event(i: number): StoredEvent | undefined {
    return this.events[i];
  }
}
