import type { ValueTypes } from "./value-type.ts";

/** MongoDB's kinds of values: the tags of those that a storage can declare, and the kind to give where it does not. */
const kinds: Readonly<Record<string, { readonly tag?: number; readonly instead: string }>> = {
  ObjectId: { tag: 0x10, instead: "its hexadecimal text" },
  Decimal128: { tag: 0x11, instead: "its text" },
  Long: { tag: 0x12, instead: "a number, or its text" },
  UUID: { tag: 0x13, instead: "its text" },
  Binary: { tag: 0x14, instead: "its bytes as a Uint8Array" },
  Int32: { instead: "a number" },
  Double: { instead: "a number" },
  Timestamp: { instead: "a date, or its text" },
};

/** The name of a value of the bson library, whichever copy of it; undefined for any other value. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("_bsontype" in value)) return undefined;
  const { _bsontype } = value;
  if (typeof _bsontype !== "string") return undefined;
  // a UUID calls itself a Binary
  return _bsontype === "Binary" && "sub_type" in value && value.sub_type === 4 ? "UUID" : _bsontype;
}

/** Why a value of the bson library cannot be stored here, and a kind that can; undefined for any other value. */
export function refusedKind(value: object, types: ValueTypes): string | undefined {
  const name = nameOf(value);
  if (name === undefined) return undefined;
  const { tag, instead = "its text" } = kinds[name] ?? {};
  if (tag === undefined) return `no storage has values of the kind ${name}; store ${instead}`;
  if (types.byTag(tag) !== undefined)
    return `this ${name} is of a form that does not come back exactly; store ${instead}`;
  return `this storage has no ${name}; MongoDB's has; here store ${instead}`;
}

/** Why a value of a known kind is no id here, and a kind that is; undefined for any other value. */
export function refusedId(value: unknown): string | undefined {
  if (Number.isSafeInteger(value)) return "this storage takes no numbers as ids; give it as a text";
  const name = nameOf(value);
  if (name !== "ObjectId" && name !== "UUID") return undefined;
  return `this storage takes no ${name} as an id; MongoDB's does; here give ${kinds[name]?.instead}`;
}
