/*
 * Documents as bytes, taken apart and put together one level deep: a router hands on the documents of users byte by byte, so
 * no key and no type of theirs can be taken for anything else on the way.
 */

/** A field of a document: its name, and its value as it stands there. */
export interface RawField {
  readonly name: string;
  readonly type: number;
  readonly value: Buffer;
}

const types = { double: 1, document: 3, array: 4, int: 16, long: 18 } as const;

/** The bytes of values whose size their type says. */
const sizes: Readonly<Record<number, number>> = {
  [types.double]: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  [types.int]: 4,
  17: 8,
  [types.long]: 8,
  19: 16,
  255: 0,
  127: 0,
};

/** The fields of a document, in their order. */
export function fieldsOf(document: Buffer): readonly RawField[] {
  const fields: RawField[] = [];
  for (let at = 4; document[at] !== 0; ) {
    const type = document.readUInt8(at);
    const nameEnd = document.indexOf(0, at + 1);
    const begin = nameEnd + 1;
    const end = begin + sizeOf(document, type, begin);
    fields.push({
      name: document.toString("utf8", at + 1, nameEnd),
      type,
      value: document.subarray(begin, end),
    });
    at = end;
  }
  return fields;
}

function sizeOf(document: Buffer, type: number, at: number): number {
  const fixed = sizes[type];
  if (fixed !== undefined) return fixed;
  const length = (): number => document.readInt32LE(at);
  if (type === types.document || type === types.array || type === 15) return length();
  if (type === 2 || type === 13 || type === 14) return 4 + length();
  if (type === 5) return 5 + length();
  if (type === 12) return 4 + length() + 12;
  if (type === 11) return document.indexOf(0, document.indexOf(0, at) + 1) + 1 - at;
  throw new Error(`BSON has no type ${type}`);
}

/** A document of these fields. */
export function documentOf(fields: readonly RawField[]): Buffer {
  const parts = fields.flatMap(({ name, type, value }) => [
    Buffer.from([type]),
    Buffer.from(`${name}\0`, "utf8"),
    value,
  ]);
  const length = Buffer.alloc(4);
  const whole = Buffer.concat([length, ...parts, Buffer.alloc(1)]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

/** A field that holds a list of documents. */
export function listField(name: string, documents: readonly Buffer[]): RawField {
  const items = documents.map((value, i) => ({ name: `${i}`, type: types.document, value }));
  return { name, type: types.array, value: documentOf(items) };
}

/** A field that holds a document. */
export function documentField(name: string, value: Buffer): RawField {
  return { name, type: types.document, value };
}

/** A field that holds a whole number of 32 bits. */
export function intField(name: string, number: number): RawField {
  const value = Buffer.alloc(4);
  value.writeInt32LE(number, 0);
  return { name, type: types.int, value };
}

/** A field that holds a whole number of 64 bits. */
export function longField(name: string, number: bigint): RawField {
  const value = Buffer.alloc(8);
  value.writeBigInt64LE(number, 0);
  return { name, type: types.long, value };
}
