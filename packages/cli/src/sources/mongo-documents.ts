import type { Db, Document } from "mongodb";
import type { Row, Rows } from "./rows.ts";

/** The documents of a MongoDB collection, or the names of those that there are where it is none. */
export async function mongoDocuments(db: Db, collection: string): Promise<Rows | string[]> {
  const all = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  if (!all.includes(collection)) return all.filter((name) => !name.startsWith("system.")).sort();
  // nothing is turned into something else: a Long stays one, and bytes keep their subtype
  const exactly = { promoteLongs: false, promoteBuffers: false, promoteValues: true, bsonRegExp: true };
  const source = db.collection<Document>(collection);
  async function* documents(): AsyncGenerator<Row> {
    for await (const { _id, ...state } of source.find({}, exactly).sort({ _id: 1 }))
      yield { id: idOf(_id), state: plainFields(state) };
  }
  return { total: await source.countDocuments({}), all: documents };
}

/** Numbers of 64 bits are ids too. */
function idOf(id: unknown): unknown {
  return bsonType(id) === "Long" ? Number(String(id)) : id;
}

/** Bytes without a subtype are Uint8Arrays, as a store has them. */
function plainBytes(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(plainBytes);
  if (bsonType(value) === "Binary" && Reflect.get(value, "sub_type") === 0) {
    const [buffer, length] = [Reflect.get(value, "buffer"), Reflect.get(value, "position")];
    return buffer instanceof Uint8Array ? Uint8Array.from(buffer.subarray(0, Number(length))) : value;
  }
  return Object.getPrototypeOf(value) === Object.prototype ? plainFields(value) : value;
}

function plainFields(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, plainBytes(item)]));
}

function bsonType(value: unknown): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, "_bsontype") : undefined;
}
