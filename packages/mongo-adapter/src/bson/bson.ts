import { isPlain, type Path, type PlainObject, ValueError } from "@everdraft/core/adapter";
import { binarySubtype, bsonType, bytesOf, isBinary } from "./bson-values.ts";

// without a prototype: the driver's own default is {}, in which it finds the names that objects inherit, so that
// arrays and objects under keys like "constructor" would come back as bytes
const noFields: Readonly<Record<string, boolean>> = Object.create(null);

/**
 * How values are written and read, whatever the client says: all options, so that none is inherited. A Long that is read as
 * a number would lose digits without a warning.
 */
export const bsonOptions: object = {
  promoteLongs: false,
  promoteBuffers: false,
  promoteValues: true,
  useBigInt64: false,
  bsonRegExp: true,
  raw: false,
  fieldsAsRaw: noFields,
  checkKeys: false,
  serializeFunctions: false,
  ignoreUndefined: false,
  enableUtf8Validation: true,
};

/**
 * A normalised value as the driver takes it. Almost always the value itself: only an object with a key `_bsontype`, which
 * the driver would take for a value of its own, becomes a Map. Throws ValueError for a value that the driver cannot give
 * back.
 */
export function toBson(value: unknown, path: Path = []): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return listToBson(value, path);
  return isPlain(value) ? objectToBson(value, path) : value;
}

/** Whether an object is such a Map. */
export function isMap(object: object): object is ReadonlyMap<string, unknown> {
  return object instanceof Map;
}

/** A list of normalised values as the driver takes it. */
export function listToBson(list: readonly unknown[], path: Path = []): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (item === null || typeof item !== "object") continue;
    const made = toBson(item, [...path, i]);
    if (made !== item) {
      changed ??= [...list];
      changed[i] = made;
    }
  }
  return changed ?? list;
}

/** A normalised object as the driver takes it: a Map where the driver would take it for a value of its own. */
export function objectToBson(
  object: PlainObject,
  path: Path = [],
): PlainObject | ReadonlyMap<string, unknown> {
  refuseReference(object, path);
  let changed: [string, unknown][] | undefined;
  const keys = Object.keys(object);
  for (const [i, key] of keys.entries()) {
    const value = object[key];
    if (value === null || typeof value !== "object") continue;
    const made = toBson(value, [...path, key]);
    if (made !== value) {
      changed ??= Object.entries(object);
      changed[i] = [key, made];
    }
  }
  if (keys.includes("_bsontype")) return new Map(changed ?? Object.entries(object));
  const made = changed === undefined ? object : Object.fromEntries(changed);
  return Object.hasOwn(made, "$ref") && Object.hasOwn(made, "$id") ? inOrderOfReferences(made) : made;
}

/** The driver gives a reference back in this order alone, and the server compares objects with their order. */
function inOrderOfReferences(object: PlainObject): PlainObject {
  const { $ref, $id, $db, ...rest } = object;
  return { $ref, $id, ...($db !== undefined && { $db }), ...rest };
}

/** The driver reads a reference to `a.b` as one to `b` in the database `a`, so it would come back changed. */
function refuseReference(object: PlainObject, path: Path): void {
  const { $ref } = object;
  if (typeof $ref !== "string" || !("$id" in object) || $ref.split(".").length !== 2) return;
  const reason = "an object with $id and a $ref of two names is read back in another form";
  throw new ValueError({ path, reason, remedy: "Use other keys." });
}

/**
 * A value that was read, in the library's terms: bytes as Uint8Array, and references as the plain objects that they are.
 * Changes the driver's value in place; nobody else holds it.
 */
export function fromBson(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = fromBson(value[i]);
    return value;
  }
  if (isPlain(value)) return objectFromBson(value);
  if (isReference(value)) return objectFromBson(fieldsOf(value));
  if (isBinary(value) && value.sub_type === binarySubtype.plain) return Uint8Array.from(bytesOf(value));
  return value;
}

/** A document that was read, in the library's terms, as `fromBson` gives it. */
export function documentFromBson(document: object): Record<string, unknown> {
  return objectFromBson(fieldsOf(document));
}

function objectFromBson(object: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(object)) {
    // never stored by the library, and never handed out
    if (key === "__proto__") delete object[key];
    else if (object[key] !== null && typeof object[key] === "object") object[key] = fromBson(object[key]);
  }
  return object;
}

/** The driver's value for an object with `$ref` and `$id`. */
interface Reference {
  readonly collection: string;
  readonly oid: unknown;
  readonly db?: string;
  readonly fields: PlainObject;
}

function isReference(value: object): value is Reference {
  return bsonType(value) === "DBRef" && "collection" in value && "oid" in value && "fields" in value;
}

/**
 * The fields of an object that the driver read, in the order in which they are stored. With $ref and $id it takes an object
 * for a reference; of a document the server has the id first, and the library has these names behind it.
 */
export function fieldsOf(object: object): Record<string, unknown> {
  if (isPlain(object)) return object;
  if (!isReference(object)) return { ...object };
  const { collection, oid, db, fields } = object;
  const { _id, ...rest } = fields;
  return {
    ...(_id !== undefined && { _id }),
    $ref: collection,
    $id: oid,
    ...(db !== undefined && { $db: db }),
    ...rest,
  };
}
