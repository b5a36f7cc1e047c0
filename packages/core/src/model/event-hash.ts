import { randomBytes } from "node:crypto";
import { encode } from "../value/canonical.ts";
import { sha256Text } from "../value/digest.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { eventOverhead, type StoredEvent, type UnhashedEvent } from "./event.ts";

// An event is frozen once made, so bytes computed of it stay true. Keyed by the patches, which an event and its unhashed
// form share.
const payloads = new WeakMap<object, { readonly bytes: Uint8Array; readonly of: UnhashedEvent }>();

/**
 * The canonical bytes of the parts that may later be erased: patches, reason, meta and the digest of the call's argument.
 */
export function payloadBytes(event: UnhashedEvent, types: ValueTypes): Uint8Array {
  const known = payloads.get(event.patches);
  const { patches, reason, meta, given } = event;
  const isKnown = known?.of.reason === reason && known?.of.meta === meta && known?.of.given === given;
  if (known !== undefined && isKnown) return known.bytes;
  const bytes = encode({ patches, reason, meta, given }, types);
  if (Object.isFrozen(patches)) payloads.set(patches, { bytes, of: event });
  return bytes;
}

/**
 * Lets an adapter that stores the payload as canonical bytes hand them over, so that they are not made again
 * to be hashed.
 */
export function rememberPayload(event: StoredEvent, bytes: Uint8Array): void {
  payloads.set(event.patches, { bytes, of: event });
}

/**
 * The digest of an act under an idempotency key: of the call and its argument (left out where it has none). Salted, so
 * that it tells nothing once the payload is erased.
 */
export function actDigest(
  act: readonly [kind: string, argument?: unknown],
  salt: string,
  types: ValueTypes,
): string {
  return sha256Text(Buffer.concat([Buffer.from(salt), encode(act, types)]));
}

/** The size of an event where sizes are added up, in bytes. */
export function eventBytes(event: UnhashedEvent, types: ValueTypes): number {
  return payloadBytes(event, types).length + eventOverhead;
}

/** 16 random bytes in base64url. With the payload they can be erased and the chain still checks. */
export function newSalt(): string {
  return randomBytes(16).toString("base64url");
}

/** The digest that stands for the payload in the chain, in base64url. */
function payloadDigest(event: UnhashedEvent, types: ValueTypes): string {
  return sha256Text(Buffer.concat([Buffer.from(event.salt), payloadBytes(event, types)]));
}

/**
 * The event's link in the chain, in base64url, from the event and the hash of the event before it (null, or empty, for
 * version 1).
 */
export function eventHash(event: UnhashedEvent, previous: string | null, types: ValueTypes): string {
  const header = {
    act: event.act,
    at: event.at,
    by: event.by,
    doc: event.doc,
    domain: "everdraft/event",
    format: event.format,
    id: event.id,
    migrated: event.migrated,
    payload: payloadDigest(event, types),
    previous: previous === "" ? null : previous,
    ref: event.ref,
    schema: event.schema,
    type: event.type,
    version: event.version,
  };
  return sha256Text(encode(header, types));
}
