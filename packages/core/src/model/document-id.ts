import { IdError } from "../errors/id-error.ts";
import { UserError } from "../errors/user-error.ts";
import { refusedId } from "../value/foreign-kind.ts";

/** An id as the storage holds it: a string, or another kind that the adapter declares. */
export type DocumentId = string | number | object;

/**
 * A kind of id. Scans go through the kinds of a storage in the order in which they are declared. An id that is an object
 * has a text (`String(id)`) that no other such id of the storage has.
 */
export interface IdKind {
  /** The name used in errors. */
  readonly name: string;
  /** Whether a value is an id of this kind. */
  is(value: unknown): boolean;
  /** The same id as the storage's own object. Left out where ids are taken as they are given. */
  own?(id: object): DocumentId;
}

const maxIdBytes = 1024;
const loneSurrogate = /\p{Surrogate}/u;

/** Strings from 1 to 1,024 bytes, the kind that every storage takes. */
export const stringId: IdKind = {
  name: "string",
  is: (value) => typeof value === "string",
};

/** Safe whole numbers, a kind that some storages take beside strings. */
export const numberId: IdKind = {
  name: "safe integer",
  is: (value) => Number.isSafeInteger(value) && !Object.is(value, -0),
};

/** The fault of a value as an id, or undefined. */
function faultOf(value: unknown, kinds: readonly IdKind[]): string | undefined {
  if (typeof value !== "string") {
    if (kinds.some((kind) => kind.is(value))) return undefined;
    const known = refusedId(value);
    if (known !== undefined) return known;
    return `expected ${kinds.map((kind) => kind.name).join(" or ")}, found ${value === null ? "null" : typeof value}`;
  }
  if (value === "") return "it is empty";
  if (value.length > maxIdBytes || Buffer.byteLength(value) > maxIdBytes)
    return `it is longer than ${maxIdBytes} bytes`;
  if (value.includes("\0")) return "it holds a NUL character";
  if (loneSurrogate.test(value)) return "it holds half of a surrogate pair";
  return undefined;
}

/** An id as the storage's own object. */
function ownId(id: DocumentId, kinds: readonly IdKind[]): DocumentId {
  return typeof id === "object" ? (kinds.find((kind) => kind.is(id))?.own?.(id) ?? id) : id;
}

/** The id as the storage has it. Throws IdError unless the value is a document's id that the storage takes. */
export function checkId(value: unknown, kinds: readonly IdKind[]): DocumentId {
  const reason = faultOf(value, kinds);
  if (reason !== undefined) throw new IdError({ reason, longest: maxIdBytes });
  return ownId(value as DocumentId, kinds);
}

/** The id as the storage has it. Throws UserError unless the value is a user's id that the storage takes. */
export function checkUser(value: unknown, kinds: readonly IdKind[]): DocumentId {
  const reason = value === undefined ? "it is missing" : faultOf(value, kinds);
  if (reason === undefined) return ownId(value as DocumentId, kinds);
  throw new UserError({ reason });
}

/** A text by which maps and queues tell ids apart: by kind and by value, so `"1"` and `1` are two. */
export function idKey(id: DocumentId): string {
  if (typeof id === "string") return `s:${id}`;
  if (typeof id === "number") return `n:${id}`;
  // not the name of its class, which is another one once a bundler has been at it
  return `o:${String(id)}`;
}
