import { tag } from "./canonical.ts";
import type { ValueTypes } from "./value-type.ts";

/** The bytes hold a value that only a newer version of the library reads; the message is its name. */
export class NewerValue extends TypeError {}

interface Reader {
  readonly bytes: Buffer;
  readonly types: ValueTypes;
  at: number;
}

/**
 * The value of canonical bytes, in containers and leaves of its own. Throws TypeError on bytes that are no
 * canonical value.
 */
export function decode(bytes: Uint8Array, types: ValueTypes): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { bytes: buffer, types, at: 0 };
  const value = readValue(reader);
  if (reader.at !== buffer.length) throw damaged("bytes are left over");
  return value;
}

function damaged(what: string): TypeError {
  return new TypeError(`these are not canonical bytes: ${what}`);
}

function readValue(reader: Reader): unknown {
  const found = reader.bytes[reader.at++];
  switch (found) {
    case tag.string:
      return readText(reader);
    case tag.number:
      return readDouble(reader);
    case tag.object:
      return readObject(reader);
    case tag.array:
      return readArray(reader);
    case tag.true:
      return true;
    case tag.false:
      return false;
    case tag.null:
      return null;
    case tag.date:
      return new Date(readDouble(reader));
    case tag.erased:
      throw new NewerValue("an erased value");
    case tag.bytes:
      return Uint8Array.from(readBytes(reader));
  }
  const type = found === undefined ? undefined : reader.types.byTag(found);
  if (type === undefined) throw damaged(found === undefined ? "they are cut" : `unknown tag ${found}`);
  return type.fromBytes(Uint8Array.from(readBytes(reader)));
}

function readLength(reader: Reader): number {
  let length = 0;
  for (let factor = 1; factor < 2 ** 42; factor *= 128) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) break;
    length += (byte & 127) * factor;
    if (byte < 128) return length;
  }
  throw damaged("a length is wrong");
}

function readBytes(reader: Reader): Buffer {
  const length = readLength(reader);
  const start = reader.at;
  reader.at += length;
  if (reader.at > reader.bytes.length) throw damaged("they are cut");
  return reader.bytes.subarray(start, reader.at);
}

function readText(reader: Reader): string {
  const length = readLength(reader);
  const start = reader.at;
  reader.at += length;
  if (reader.at > reader.bytes.length) throw damaged("they are cut");
  if (length > 24) return reader.bytes.toString("utf8", start, reader.at);
  // short ASCII texts, most keys among them, are faster put together here than in a call into the runtime
  let text = "";
  for (let i = start; i < reader.at; i++) {
    const byte = reader.bytes[i];
    if (byte === undefined || byte > 127) return reader.bytes.toString("utf8", start, reader.at);
    text += String.fromCharCode(byte);
  }
  return text;
}

function readDouble(reader: Reader): number {
  if (reader.at + 8 > reader.bytes.length) throw damaged("they are cut");
  const value = reader.bytes.readDoubleBE(reader.at);
  reader.at += 8;
  return value;
}

function readArray(reader: Reader): unknown[] {
  const count = readLength(reader);
  if (count > reader.bytes.length - reader.at) throw damaged("they are cut");
  const array = new Array<unknown>(count);
  for (let i = 0; i < count; i++) array[i] = readValue(reader);
  return array;
}

function readObject(reader: Reader): Record<string, unknown> {
  const count = readLength(reader);
  const object: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const key = readText(reader);
    // never written (normalising refuses it); assigning it would change the prototype
    if (key === "__proto__") throw damaged("a key is __proto__");
    object[key] = readValue(reader);
  }
  return object;
}
