import { optionsError } from "../context/check-options.ts";
import { encode } from "../value/canonical.ts";
import { decode } from "../value/canonical-decode.ts";
import { sha256Text } from "../value/digest.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";

/** Where a page of a list ended. */
interface Ended {
  /** How many items the pages up to it gave. */
  readonly given: number;
  /** The place of the last one; undefined before the first page. */
  readonly place: unknown;
}

/** The cursor behind a page: the canonical encoding of the page's end and of its list's digest, in base64url. */
export function cursorAt({ given, place }: Ended, key: PlainObject, types: ValueTypes): string {
  const bytes = encode({ given, list: listDigest(key, types), place }, types);
  return Buffer.from(bytes).toString("base64url");
}

/** Where the page before a cursor ended. Throws OptionsError for a text that is no cursor, or one of another list. */
export function readCursor(cursor: string | undefined, key: PlainObject, types: ValueTypes): Ended {
  if (cursor === undefined) return { given: 0, place: undefined };
  const found = decoded(cursor, types);
  if (!isPlain(found) || typeof found.given !== "number") throw noCursor();
  const { given, place, list } = found;
  if (list !== listDigest(key, types))
    throw optionsError(
      "cursor",
      "it is the next of a page of this same list: the same call, with the same options",
    );
  return { given, place };
}

/** Says that a text is no cursor. */
export function noCursor(): Error {
  return optionsError("cursor", "it is the next of the page before, as it was given");
}

function decoded(cursor: string, types: ValueTypes): unknown {
  try {
    return decode(Buffer.from(cursor, "base64url"), types);
  } catch {
    throw noCursor();
  }
}

function listDigest(key: PlainObject, types: ValueTypes): string {
  return sha256Text(encode(key, types)).slice(0, 16);
}
