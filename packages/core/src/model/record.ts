import { randomFillSync } from "node:crypto";
import { encode } from "../value/canonical.ts";
import { sha256, sha256Text } from "../value/digest.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { carriedBytes, carryBytes } from "./carried-bytes.ts";
import type { StoredEvent, UnhashedEvent } from "./event.ts";
import { digestLength, encodeHeader, headerLength, linkOf, place, RecordFault } from "./header.ts";

/*
 * An event as one record, the same bytes on every storage:
 *
 *     header ‖ hash (32) ‖ payload's state (1) ‖ salt (16) ‖ payload
 *
 * The hash is that of the hash before and the header. The header holds the digest of salt and payload, so both can be taken
 * away and the chain still links. docs/format.md specifies it with test vectors.
 */

/** The length of a salt in bytes. */
export const saltLength = 16;

/** The byte behind the hash, which no hash covers: whether the payload is the one that was stored. */
export const payloadState = { whole: 0, erased: 1, replaced: 2 } as const;

/** The event with its hash and frozen; it carries its record. `previous` is the hash before, null or empty for version 1. */
export function sealEvent(unhashed: UnhashedEvent, previous: string | null, types: ValueTypes): StoredEvent {
  const { header, rest } = partsOf(unhashed, types);
  const hash = linkOf(header, previous ?? "", "base64url");
  const record = Buffer.concat([header, Buffer.from(hash, "base64url"), rest]);
  return Object.freeze(carryBytes({ hash, ...unhashed }, record));
}

/**
 * The event's link in the chain, in base64url, from the event and the hash of the event before it (null, or empty, for
 * version 1). Throws TypeError for an event that has no record.
 */
export function eventHash(event: UnhashedEvent, previous: string | null, types: ValueTypes): string {
  return linkOf(headerOf(event, types), previous ?? "", "base64url");
}

/**
 * The size of an event whose hash links it to the one before, in bytes of its record; undefined where the hash is another one.
 * `previous` as for `eventHash`.
 */
export function linkedBytes(event: StoredEvent, previous: string, types: ValueTypes): number | undefined {
  const carried = carriedBytes(event);
  const { header, rest } = carried === undefined ? partsOf(event, types) : partsIn(carried);
  const hash = linkOf(header, previous, "base64url");
  return hash === event.hash ? header.length + digestLength + rest.length : undefined;
}

/** The record of an event: the one that it carries, or a new one. Throws TypeError for an event that has none. */
export function recordOf(event: StoredEvent, types: ValueTypes): Uint8Array {
  const carried = carriedBytes(event);
  if (carried !== undefined) return carried;
  const { header, rest } = partsOf(event, types);
  return Buffer.concat([header, bytesOfText(event.hash, digestLength), rest]);
}

/** The size of an event where sizes are added up: that of its record, in bytes. */
export function eventBytes(event: StoredEvent, types: ValueTypes): number {
  return recordOf(event, types).length;
}

/** 16 random bytes in base64url. With the payload they can be erased and the chain still checks. */
export function newSalt(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used;
  used += saltLength;
  return pool.toString("base64url", start, used);
}

// one call into the runtime for many events
const pool = Buffer.allocUnsafe(256 * saltLength);
let used = pool.length;

/**
 * The digest of an act under an idempotency key: of the call and its argument (left out where it has none). Salted, so
 * that it tells nothing once the payload is erased.
 */
export function actDigest(
  act: readonly [kind: string, argument?: unknown],
  salt: string,
  types: ValueTypes,
): string {
  return sha256Text(Buffer.concat([bytesOfText(salt, saltLength), encode(act, types)]));
}

/** The canonical bytes of the parts that may later be erased: patches, reason, meta, given and list. */
function payloadBytes({ patches, reason, meta, given, list }: UnhashedEvent, types: ValueTypes): Uint8Array {
  return encode({ patches, reason, meta, given, list }, types);
}

/** The header of an event: within the record that it carries, or a new one. */
function headerOf(event: UnhashedEvent, types: ValueTypes): Uint8Array {
  const carried = carriedBytes(event);
  return carried === undefined ? partsOf(event, types).header : partsIn(carried).header;
}

/**
 * The parts of a carried record before and behind its hash. The digest in its header is checked: a record from a storage may be
 * damaged. Throws RecordFault.
 */
function partsIn(record: Uint8Array): Parts {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.length);
  const end = headerLength(bytes);
  const header = bytes.subarray(0, end);
  const rest = bytes.subarray(end + digestLength);
  const digest = header.subarray(place.digest, place.digest + digestLength);
  if (rest[0] === payloadState.whole && !digest.equals(sha256(rest.subarray(1))))
    throw new RecordFault("its payload is not the one that its digest stands for");
  return { header, rest };
}

interface Parts {
  readonly header: Uint8Array;
  readonly rest: Uint8Array;
}

/** The parts of a record before and behind its hash. */
function partsOf(event: UnhashedEvent, types: ValueTypes): Parts {
  const { payload: gone } = event;
  if (gone?.kind === "erased") {
    const header = encodeHeader(event, bytesOfText(gone.digest, digestLength), types);
    return { header, rest: Uint8Array.of(payloadState.erased) };
  }
  const payload = payloadBytes(event, types);
  const rest = Buffer.allocUnsafe(1 + saltLength + payload.length);
  rest[0] = gone === undefined ? payloadState.whole : payloadState.replaced;
  rest.set(bytesOfText(event.salt, saltLength), 1);
  rest.set(payload, 1 + saltLength);
  const digest = gone === undefined ? sha256(rest.subarray(1)) : bytesOfText(gone.digest, digestLength);
  return { header: encodeHeader(event, digest, types), rest };
}

/** The bytes of a text in base64url. Throws TypeError where there are not as many. */
function bytesOfText(text: string, length: number): Uint8Array {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length !== length) throw new TypeError(`${length} bytes are expected`);
  return bytes;
}
