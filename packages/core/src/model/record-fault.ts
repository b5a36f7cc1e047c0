import { eventFormat } from "./event.ts";

/** The bytes of a record are not those of an event. */
export class RecordFault extends TypeError {}

/** A record holds a part that only a newer version of the library reads; its message is the part's name. */
export class UnknownPart extends TypeError {
  /** The record's format. */
  readonly format: number;

  constructor(part: string, format: number = eventFormat) {
    super(part);
    this.format = format;
  }
}
