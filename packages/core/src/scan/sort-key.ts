import { rankOf, ranks } from "../model/sort-order.ts";
import { isBytes, isDate } from "../value/value.ts";

/** A value as bytes that are ordered, byte by byte, as sorts order values (`compareValues`). */
export interface SortKey {
  readonly bytes: Uint8Array;
  /** Whether they say all of the value: not of lists and objects, whose order is that of their kind, nor of long texts. */
  readonly whole: boolean;
}

/** The longest key, in bytes; the rest of a longer one is cut off. */
const longestKey = 1_024;

/** The key of a document that a path leads to nothing in. It is below those of all values. */
export const noValue: Uint8Array = new Uint8Array();

/** A key above those of all values. */
export const aboveAll: Uint8Array = Uint8Array.of(0xff);

const kindByte = (rank: number): number => rank + 1;

/** The key of a value. One that is missing has that of null; of an adapter's own type, that of its text. */
export function sortKey(value: unknown): SortKey {
  const rank = rankOf(value);
  if (typeof value === "string") return textKey(rank, value);
  if (typeof value === "number") return doubleKey(rank, value);
  if (typeof value === "boolean") return { bytes: Uint8Array.of(kindByte(rank), Number(value)), whole: true };
  if (isDate(value)) return doubleKey(rank, value.getTime());
  if (isBytes(value)) return bytesKey(rank, value);
  if (rank === ranks.other) return textKey(rank, String(value));
  return { bytes: Uint8Array.of(kindByte(rank)), whole: rank === ranks.null || rank === ranks.empty };
}

function textKey(rank: number, text: string): SortKey {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(length + 1);
  bytes[0] = kindByte(rank);
  bytes.write(text, 1);
  return cut(bytes);
}

function bytesKey(rank: number, value: Uint8Array): SortKey {
  const bytes = Buffer.allocUnsafe(7 + Math.min(value.length, longestKey));
  bytes[0] = kindByte(rank);
  // shorter ones come first
  bytes.writeUIntBE(value.length, 1, 6);
  bytes.set(value.subarray(0, longestKey), 7);
  return cut(bytes);
}

function cut(bytes: Uint8Array): SortKey {
  if (bytes.length <= longestKey) return { bytes, whole: true };
  return { bytes: Uint8Array.prototype.slice.call(bytes, 0, longestKey), whole: false };
}

const signBit = 1n << 63n;
const allBits = (1n << 64n) - 1n;

/** The bits of a double, turned so that they count up with it; NaN, which is below all numbers, has none. */
function doubleKey(rank: number, value: number): SortKey {
  const bytes = Buffer.alloc(9);
  bytes[0] = kindByte(rank);
  if (!Number.isNaN(value)) {
    // 0 and -0 are one number
    bytes.writeDoubleBE(value === 0 ? 0 : value, 1);
    const bits = bytes.readBigUInt64BE(1);
    bytes.writeBigUInt64BE(bits >= signBit ? allBits - bits : bits + signBit, 1);
  }
  return { bytes, whole: true };
}

/** Where the keys of a value's kind begin (of numbers without NaN, which no range holds), and where those of the next begin. */
export function kindRange(value: unknown): { readonly from: Uint8Array; readonly end: Uint8Array } {
  const rank = rankOf(value);
  const isNumber = typeof value === "number";
  return {
    from: isNumber ? doubleKey(rank, Number.NEGATIVE_INFINITY).bytes : Uint8Array.of(kindByte(rank)),
    end: Uint8Array.of(kindByte(rank) + 1),
  };
}
