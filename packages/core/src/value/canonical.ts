import { compareKeys } from "./key-order.ts";
import { isBytes, isDate, isPlain, type PlainObject } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

/*
 * The canonical encoding: one value, one sequence of bytes, in every storage and for ever. docs/format.md
 * specifies it with test vectors. Used for hashes, digests and sizes, and by SQLite as its storage format.
 */

/** The first byte of every encoded value. Adapter types use 16–255. */
export const tag = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  string: 4,
  date: 5,
  bytes: 6,
  array: 7,
  object: 8,
  /** The mark of a value that was erased. Nothing makes it yet. */
  erased: 9,
} as const;

/** The used part of a Buffer; declarations name no type of Node's, so that they can be read without its types. */
interface Bytes extends Uint8Array {
  write(text: string, at: number, encoding: "utf8"): number;
  writeDoubleBE(value: number, at: number): number;
  writeBigUInt64BE(value: bigint, at: number): number;
}

/** Bytes that grow as they are written. */
export interface Writer {
  bytes: Bytes;
  length: number;
}

const kept: Writer[] = [];
const keepAtMost = 1 << 20;

/** Runs `write` with a reused writer and gives back a copy of the bytes. */
export function written(write: (writer: Writer) => void): Uint8Array {
  const writer = kept.pop() ?? { bytes: Buffer.allocUnsafe(16_384), length: 0 };
  writer.length = 0;
  write(writer);
  const result = Uint8Array.prototype.slice.call(writer.bytes, 0, writer.length);
  // a writer that threw, or grew large for one big state, is left to the garbage collector
  if (writer.bytes.length <= keepAtMost) kept.push(writer);
  return result;
}

function room(writer: Writer, bytes: number): void {
  const needed = writer.length + bytes;
  if (needed <= writer.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(needed, writer.bytes.length * 2));
  larger.set(writer.bytes.subarray(0, writer.length));
  writer.bytes = larger;
}

/** Writes one byte. */
export function writeByte(writer: Writer, byte: number): void {
  room(writer, 1);
  writer.bytes[writer.length++] = byte;
}

/**
 * Writes a length or count: seven bits a byte, the lowest first, the high bit set on all but the last
 * (LEB128).
 */
export function writeLength(writer: Writer, length: number): void {
  room(writer, 6);
  let rest = length;
  while (rest > 127) {
    writer.bytes[writer.length++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  writer.bytes[writer.length++] = rest;
}

/** Writes bytes as they are. */
export function writeBytes(writer: Writer, bytes: Uint8Array): void {
  room(writer, bytes.length);
  writer.bytes.set(bytes, writer.length);
  writer.length += bytes.length;
}

function writeDouble(writer: Writer, value: number): void {
  room(writer, 8);
  // the one NaN: whatever bits a NaN came with, these are written
  if (Number.isNaN(value)) writer.bytes.writeBigUInt64BE(0x7ff8000000000000n, writer.length);
  else writer.bytes.writeDoubleBE(value, writer.length);
  writer.length += 8;
}

/** Writes a text's length in UTF-8 bytes and those bytes: how keys are written, and texts after their tag. */
export function writeText(writer: Writer, text: string): void {
  const count = text.length;
  if (count < 42) {
    // at most 126 bytes, so the length takes one byte that can be filled in afterwards
    room(writer, 1 + count * 3);
    const { bytes } = writer;
    const start = writer.length + 1;
    let i = 0;
    for (; i < count; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) break;
      bytes[start + i] = code;
    }
    const length = i === count ? count : bytes.write(text, start, "utf8");
    bytes[writer.length] = length;
    writer.length = start + length;
    return;
  }
  const length = Buffer.byteLength(text);
  writeLength(writer, length);
  room(writer, length);
  writer.length += writer.bytes.write(text, writer.length, "utf8");
}

/** An object's keys in canonical order: by their UTF-8 bytes. */
export function canonicalKeys(object: PlainObject): string[] {
  return Object.keys(object).sort(compareKeys);
}

/** Writes a leaf: everything but an array or plain object. The value was normalised before. */
export function writeLeaf(writer: Writer, value: unknown, types: ValueTypes): void {
  if (typeof value === "string") {
    writeByte(writer, tag.string);
    writeText(writer, value);
  } else if (typeof value === "number") {
    writeByte(writer, tag.number);
    writeDouble(writer, value === 0 ? 0 : value);
  } else if (typeof value === "boolean") writeByte(writer, value ? tag.true : tag.false);
  else if (value === null || value === undefined) writeByte(writer, tag.null);
  else writeObjectLeaf(writer, value, types);
}

function writeObjectLeaf(writer: Writer, value: object, types: ValueTypes): void {
  if (isDate(value)) {
    writeByte(writer, tag.date);
    writeDouble(writer, value.getTime());
    return;
  }
  const type = isBytes(value) ? undefined : types.of(value);
  const bytes = isBytes(value) ? value : type?.toBytes(value);
  if (bytes === undefined) throw new TypeError("the value has no canonical encoding");
  writeByte(writer, type?.tag ?? tag.bytes);
  writeLength(writer, bytes.length);
  writeBytes(writer, bytes);
}

function writeValue(writer: Writer, value: unknown, types: ValueTypes): void {
  if (Array.isArray(value)) {
    writeByte(writer, tag.array);
    writeLength(writer, value.length);
    for (const item of value) writeValue(writer, item, types);
  } else if (isPlain(value)) {
    const keys = canonicalKeys(value).filter((key) => value[key] !== undefined);
    writeByte(writer, tag.object);
    writeLength(writer, keys.length);
    for (const key of keys) {
      writeText(writer, key);
      writeValue(writer, value[key], types);
    }
  } else writeLeaf(writer, value, types);
}

/** The canonical bytes of a normalised value. Undefined fields count as absent. */
export function encode(value: unknown, types: ValueTypes): Uint8Array {
  return written((writer) => writeValue(writer, value, types));
}
