import { tag } from "./canonical.ts";
import { joinedNesting, sealMade } from "./seal.ts";
import type { ValueTypes } from "./value-type.ts";

/** The bytes hold a value that only a newer version of the library reads; the message is its name. */
export class NewerValue extends TypeError {}

/*
 * One cursor for all: a value is read without a turn for anybody else. A value type may decode something of its own in
 * `fromBytes`, so each call puts the cursor back.
 */
let bytes: Buffer = Buffer.alloc(0);
let numbers: DataView | undefined;
let types: ValueTypes = { of: () => undefined, byTag: () => undefined };
let at = 0;
/** The nesting of the object that was read last. */
let nesting = 0;

/**
 * The sealed value of canonical bytes: its containers are frozen, and it shares no leaf with anybody. Throws TypeError on
 * bytes that are no canonical value.
 */
export function decode(given: Uint8Array, valueTypes: ValueTypes): unknown {
  const [bytesBefore, numbersBefore, typesBefore, atBefore] = [bytes, numbers, types, at];
  bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  numbers = undefined;
  types = valueTypes;
  at = 0;
  try {
    const value = readValue();
    if (at !== bytes.length) throw damaged("bytes are left over");
    return value;
  } finally {
    bytes = bytesBefore;
    numbers = numbersBefore;
    types = typesBefore;
    at = atBefore;
  }
}

function damaged(what: string): TypeError {
  return new TypeError(`these are not canonical bytes: ${what}`);
}

function readValue(): unknown {
  const found = bytes[at++];
  switch (found) {
    case tag.string:
      return readText();
    case tag.number:
      return readDouble();
    case tag.object:
      return readObject();
    case tag.array:
      return readArray();
    case tag.true:
      return true;
    case tag.false:
      return false;
    case tag.null:
      return null;
  }
  const leaf = readLeaf(found);
  nesting = 1;
  return leaf;
}

/** A leaf that can be changed in place. */
function readLeaf(found: number | undefined): object {
  if (found === tag.date) return new Date(readDouble());
  if (found === tag.bytes) return Uint8Array.from(readBytes());
  if (found === tag.erased) throw new NewerValue("an erased value");
  if (found === undefined) throw damaged("they are cut");
  const type = types.byTag(found);
  if (type === undefined) throw damaged(`unknown tag ${found}`);
  return type.fromBytes(Uint8Array.from(readBytes()));
}

function readLength(): number {
  let length = 0;
  for (let factor = 1; factor < 2 ** 42; factor *= 128) {
    // behind the end no length ends
    const byte = bytes[at++] ?? 128;
    length += (byte & 127) * factor;
    if (byte < 128) return length;
  }
  throw damaged("a length is wrong");
}

/** Goes on behind so many bytes, and gives the place where they begin. */
function skip(length: number): number {
  const start = at;
  at += length;
  if (at > bytes.length) throw damaged("they are cut");
  return start;
}

function readBytes(): Buffer {
  const start = skip(readLength());
  return bytes.subarray(start, at);
}

function readText(): string {
  const start = skip(readLength());
  return textAt(start, at);
}

function textAt(start: number, end: number): string {
  if (end - start > 24) return bytes.toString("utf8", start, end);
  // short ASCII texts are faster put together here than in a call into the runtime
  let text = "";
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 128;
    if (byte > 127) return bytes.toString("utf8", start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

// The keys of objects are few and come again and again: each text is made once, as long as no other key has its place.
const keyPlaces = 2_048;
const longestKept = 64;
const keptKeys = new Array<{ readonly text: string; readonly bytes: Uint8Array } | undefined>(keyPlaces);

function readKey(): string {
  const length = readLength();
  const start = skip(length);
  if (length > longestKept) return textAt(start, at);
  let hash = length;
  for (let i = start; i < at; i++) hash = (hash * 31 + (bytes[i] ?? 0)) | 0;
  const place = hash & (keyPlaces - 1);
  const kept = keptKeys[place];
  if (kept?.bytes.length === length && isAt(kept.bytes, start)) return kept.text;
  const text = textAt(start, at);
  // never written (normalising refuses it); assigning it would change the prototype
  if (text === "__proto__") throw damaged("a key is __proto__");
  keptKeys[place] = { text, bytes: Uint8Array.prototype.slice.call(bytes, start, at) };
  return text;
}

function isAt(kept: Uint8Array, start: number): boolean {
  for (let i = 0; i < kept.length; i++) if (kept[i] !== bytes[start + i]) return false;
  return true;
}

function readDouble(): number {
  if (at + 8 > bytes.length) throw damaged("they are cut");
  numbers ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = numbers.getFloat64(at);
  at += 8;
  return value;
}

function readArray(): unknown[] {
  const count = readLength();
  if (count > bytes.length - at) throw damaged("they are cut");
  const array = new Array<unknown>(count);
  let inner = 0;
  for (let i = 0; i < count; i++) {
    const item = readValue();
    array[i] = item;
    if (typeof item === "object" && item !== null) inner = joinedNesting(inner, nesting);
  }
  nesting = sealMade(array, inner);
  return array;
}

function readObject(): Record<string, unknown> {
  const count = readLength();
  const object: Record<string, unknown> = {};
  let inner = 0;
  for (let i = 0; i < count; i++) {
    const key = readKey();
    const value = readValue();
    object[key] = value;
    if (typeof value === "object" && value !== null) inner = joinedNesting(inner, nesting);
  }
  nesting = sealMade(object, inner);
  return object;
}
