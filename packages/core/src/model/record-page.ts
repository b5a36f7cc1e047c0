import type { ValueTypes } from "../value/value-type.ts";
import type { DocumentId } from "./document-id.ts";
import type { StoredEvent } from "./event.ts";
import { digestLength, headerLength, namesIn, place } from "./header.ts";
import { readRecord } from "./read-record.ts";

/** Records as a storage gives them: one behind the other, and where each ends. */
export interface RecordBytes {
  readonly bytes: Uint8Array;
  /** For each record the place behind its last byte. */
  readonly ends: readonly number[];
  /** Whether further records of the range were left out, since all together weigh too much. At least two are there then. */
  readonly isCut?: boolean;
}

/** Events of one document in a row, as records: nothing of them is decoded until it is asked for. */
export class RecordPage {
  readonly bytes: Uint8Array;
  /** How many there are. */
  readonly length: number;
  /** Whether the storage left out further ones that were asked for. */
  readonly isCut: boolean;
  readonly #view: DataView;
  readonly #ends: readonly number[];
  readonly #first: number;

  constructor({ bytes, ends, isCut = false }: RecordBytes, first = 0, length: number = ends.length - first) {
    this.bytes = bytes;
    this.isCut = isCut;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#ends = ends;
    this.#first = first;
    this.length = length;
  }

  /** Where record `i` begins. */
  start(i: number): number {
    return this.#ends[this.#first + i - 1] ?? 0;
  }

  /** The place behind record `i`. */
  end(i: number): number {
    return this.#ends[this.#first + i] ?? 0;
  }

  /** The version that record `i` says. Not checked. */
  version(i: number): number {
    return this.#number(i, place.version);
  }

  /** The time that record `i` says, in milliseconds. Not checked. */
  at(i: number): number {
    return this.#number(i, place.at);
  }

  /** Some of the records, without a copy. */
  part(from: number, to: number = this.length): RecordPage {
    return new RecordPage({ bytes: this.bytes, ends: this.#ends }, this.#first + from, to - from);
  }

  /** The id of record `i`. Throws CorruptEventError, FormatTooNewError, which name `version`. */
  id(i: number, doc: DocumentId, version: number, types: ValueTypes): string {
    const [start, end] = [this.start(i), this.end(i)];
    const length = headerLength(this.bytes, start);
    if (start + length > end) return this.event(i, doc, version, types).id;
    return namesIn(this.bytes.subarray(start, start + length), types).id;
  }

  /** The event of record `i`. Throws CorruptEventError, FormatTooNewError, which name `version`. */
  event(i: number, doc: DocumentId, version: number, types: ValueTypes): StoredEvent {
    return readRecord(this.bytes.subarray(this.start(i), this.end(i)), { doc, version }, types);
  }

  #number(i: number, at: number): number {
    const start = this.start(i);
    return this.end(i) - start < place.list + digestLength ? Number.NaN : this.#view.getFloat64(start + at);
  }
}
