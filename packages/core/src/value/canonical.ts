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
  /** Writes UTF-8. */
  write(text: string, at: number): number;
  writeDoubleBE(value: number, at: number): number;
  writeBigUInt64BE(value: bigint, at: number): number;
}

/*
 * One buffer for all, written like a stack: a value type that encodes something of its own in `toBytes` writes behind the
 * bytes that are there, and takes its own away again.
 */
const firstLength = 16_384;
const keepAtMost = 1 << 20;
let bytes: Bytes = Buffer.allocUnsafe(firstLength);
let at = 0;

/** Runs `write` and gives back a copy of the bytes that it wrote. */
function written(write: () => void): Uint8Array {
  const start = at;
  try {
    write();
    return Uint8Array.prototype.slice.call(bytes, start, at);
  } finally {
    at = start;
    // one that grew large for a big state is left to the garbage collector
    if (start === 0 && bytes.length > keepAtMost) bytes = Buffer.allocUnsafe(firstLength);
  }
}

function room(count: number): void {
  const needed = at + count;
  if (needed <= bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(needed, bytes.length * 2));
  larger.set(bytes.subarray(0, at));
  bytes = larger;
}

/** Writes one byte. */
function writeByte(byte: number): void {
  room(1);
  bytes[at++] = byte;
}

/**
 * Writes a length or count: seven bits a byte, the lowest first, the high bit set on all but the last
 * (LEB128).
 */
function writeLength(length: number): void {
  room(6);
  let rest = length;
  while (rest > 127) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
}

/** Writes bytes as they are. */
function writeBytes(given: Uint8Array): void {
  room(given.length);
  bytes.set(given, at);
  at += given.length;
}

function writeDouble(value: number): void {
  room(8);
  // the one NaN: whatever bits a NaN came with, these are written
  if (Number.isNaN(value)) bytes.writeBigUInt64BE(0x7ff8000000000000n, at);
  else bytes.writeDoubleBE(value, at);
  at += 8;
}

/** Writes a text's length in UTF-8 bytes and those bytes: how keys are written, and texts after their tag. */
function writeText(text: string): void {
  const count = text.length;
  if (count < 42) {
    // at most 126 bytes, so the length takes one byte that can be filled in afterwards
    room(1 + count * 3);
    const start = at + 1;
    let i = 0;
    for (; i < count; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) break;
      bytes[start + i] = code;
    }
    const length = i === count ? count : bytes.write(text, start);
    bytes[at] = length;
    at = start + length;
    return;
  }
  const length = Buffer.byteLength(text);
  writeLength(length);
  room(length);
  at += bytes.write(text, at);
}

/** An object's keys in canonical order: by their UTF-8 bytes. */
function canonicalKeys(object: PlainObject): string[] {
  const keys = Object.keys(object);
  // those of a decoded object are in order, and stay so where it is copied
  let before = "";
  for (const key of keys) {
    if (compareKeys(before, key) > 0) return keys.sort(compareKeys);
    before = key;
  }
  return keys;
}

/** Writes a leaf: everything but an array or plain object. The value was normalised before. */
function writeLeaf(value: unknown, types: ValueTypes): void {
  if (typeof value === "string") {
    writeByte(tag.string);
    writeText(value);
  } else if (typeof value === "number") {
    writeByte(tag.number);
    writeDouble(value === 0 ? 0 : value);
  } else if (typeof value === "boolean") writeByte(value ? tag.true : tag.false);
  else if (value === null || value === undefined) writeByte(tag.null);
  else writeObjectLeaf(value, types);
}

function writeObjectLeaf(value: object, types: ValueTypes): void {
  if (isDate(value)) {
    writeByte(tag.date);
    writeDouble(value.getTime());
    return;
  }
  const type = isBytes(value) ? undefined : types.of(value);
  const own = isBytes(value) ? value : type?.toBytes(value);
  if (own === undefined) throw new TypeError("the value has no canonical encoding");
  writeByte(type?.tag ?? tag.bytes);
  writeLength(own.length);
  writeBytes(own);
}

function writeValue(value: unknown, types: ValueTypes): void {
  if (value === null || typeof value !== "object") writeLeaf(value, types);
  else if (Array.isArray(value)) {
    writeByte(tag.array);
    writeLength(value.length);
    for (let i = 0; i < value.length; i++) writeValue(value[i], types);
  } else if (isPlain(value)) writeObject(value, canonicalKeys(value), types);
  else writeObjectLeaf(value, types);
}

function writeObject(object: PlainObject, keys: readonly string[], types: ValueTypes): void {
  const start = at;
  writeByte(tag.object);
  writeLength(keys.length);
  for (const key of keys) {
    const value = object[key];
    if (value === undefined) {
      // the count is wrong: once more without such fields
      at = start;
      const defined = keys.filter((one) => object[one] !== undefined);
      writeObject(object, defined, types);
      return;
    }
    writeText(key);
    writeValue(value, types);
  }
}

/** The canonical bytes of a normalised value. Undefined fields count as absent. */
export function encode(value: unknown, types: ValueTypes): Uint8Array {
  return written(() => writeValue(value, types));
}

/** The bytes that begin an array or object of so many items or fields. */
export function encodeCount(container: number, count: number): Uint8Array {
  return written(() => {
    writeByte(container);
    writeLength(count);
  });
}

/** The bytes of an object's key. */
export function encodeKey(key: string): Uint8Array {
  return written(() => writeText(key));
}
