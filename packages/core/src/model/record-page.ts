import type { ValueTypes } from "../value/value-type.ts";
import type { DocumentId } from "./document-id.ts";
import type { StoredEvent } from "./event.ts";
import { digestLength, place } from "./header.ts";
import { readRecord, readSearched } from "./read-record.ts";

/** Records as a storage gives them: one behind the other, and where each ends. */
export interface RecordBytes {
  readonly bytes: Uint8Array;
  /** For each record the place behind its last byte. */
  readonly ends: readonly number[];
  /** Whether further records of the range were left out, since all together weigh too much. At least two are there then. */
  readonly isCut?: boolean;
}

/** Events of one document in a row, as records: nothing of them is decoded until it is asked for. */
export interface RecordPage {
  readonly kind: "records";
  readonly bytes: Uint8Array;
  /** How many there are. */
  readonly length: number;
  /** Whether the storage left out further ones that were asked for. */
  readonly isCut: boolean;
  /** Where record `i` begins. */
  start(i: number): number;
  /** The place behind record `i`. */
  end(i: number): number;
  /** The version that record `i` says. Not checked. */
  version(i: number): number;
  /** The time that record `i` says, in milliseconds. Not checked. */
  at(i: number): number;
  /** Some of the records, without a copy. */
  part(from: number, to?: number): RecordPage;
  /** The id of record `i`. Throws CorruptEventError, FormatTooNewError, which name `version`. */
  id(i: number, doc: DocumentId, version: number, types: ValueTypes): string;
  /** The event of record `i`. Throws CorruptEventError, FormatTooNewError, which name `version`. */
  event(i: number, doc: DocumentId, version: number, types: ValueTypes): StoredEvent;
}

/** A page of these records: all, or those from `first` on, so many. */
export function recordPage(
  records: RecordBytes,
  first = 0,
  length: number = records.ends.length,
): RecordPage {
  const { bytes, ends, isCut = false } = records;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = (i: number): number => ends[first + i - 1] ?? 0;
  const end = (i: number): number => ends[first + i] ?? 0;
  const numberAt = (i: number, at: number): number =>
    end(i) - start(i) < place.list + digestLength ? Number.NaN : view.getFloat64(start(i) + at);
  const record = (i: number): Uint8Array => bytes.subarray(start(i), end(i));
  return {
    kind: "records",
    bytes,
    length,
    isCut,
    start,
    end,
    version: (i) => numberAt(i, place.version),
    at: (i) => numberAt(i, place.at),
    part: (from, to = length) => recordPage({ bytes, ends }, first + from, to - from),
    id: (i, doc, version, types) => readSearched(record(i), { doc, version }, types).id,
    event: (i, doc, version, types) => readRecord(record(i), { doc, version }, types),
  };
}
