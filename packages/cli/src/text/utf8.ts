import { UsageError } from "../failure.ts";

/** The text of UTF-8 bytes, without a byte order mark. Throws UsageError where they are none: nothing is put in for them. */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError("It is not UTF-8.");
  }
}
