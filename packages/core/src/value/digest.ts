import { hash } from "node:crypto";
import { encode } from "./canonical.ts";
import type { ValueTypes } from "./value-type.ts";

/** SHA-256. One call into the runtime: most inputs are short. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash("sha256", bytes, "buffer");
}

/** SHA-256 as a text in base64url. */
export function sha256Text(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64url");
}

/** The SHA-256 of a normalised value's canonical bytes, in base64url. */
export function digestOf(value: unknown, types: ValueTypes): string {
  return sha256Text(encode(value, types));
}
