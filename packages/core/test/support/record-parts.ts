import { createHash } from "node:crypto";
import { encode } from "@everdraft/core/adapter";
import { types } from "../built-events.ts";

/** The parts of a record, with the names of docs/format.md. Lengths, digest and hash follow from them. */
export interface RecordParts {
  readonly format: number;
  readonly type: number;
  readonly flags: number;
  /** The length that the header says; left out: its own. */
  readonly headerLength?: number;
  readonly version: number;
  readonly at: number;
  readonly schema: number;
  /** The digest that the header holds; left out: that of salt and payload. */
  readonly digest?: Uint8Array;
  /** The canonical bytes behind the numbers of the header. */
  readonly list: Uint8Array;
  /** The hash of the version before. */
  readonly previous: Uint8Array;
  readonly state: number;
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
}

const fine: RecordParts = {
  format: 1,
  type: 2,
  flags: 0,
  version: 2,
  at: 2000,
  schema: 1,
  state: 0,
  list: encode(["d", "alice", "e-2"], types),
  previous: Buffer.alloc(32, 7),
  salt: Buffer.alloc(16, 9),
  payload: encode({ patches: [] }, types),
};

/** A record put together by the tables of docs/format.md, and by nothing of the library but the encoding of values. */
export function recordOfParts(chosen: Partial<RecordParts> = {}): Buffer {
  const parts = { ...fine, ...chosen };
  const salted = Buffer.concat([parts.salt, parts.payload]);
  const numbers = Buffer.alloc(28);
  numbers.writeUInt8(parts.format, 0);
  numbers.writeUInt8(parts.type, 1);
  numbers.writeUInt16BE(parts.flags, 2);
  numbers.writeUInt32BE(parts.headerLength ?? 60 + parts.list.length, 4);
  numbers.writeDoubleBE(parts.version, 8);
  numbers.writeDoubleBE(parts.at, 16);
  numbers.writeUInt32BE(parts.schema, 24);
  const header = Buffer.concat([numbers, parts.digest ?? sha256(salted), parts.list]);
  const hash = sha256(Buffer.concat([parts.previous, header]));
  return Buffer.concat([header, hash, Buffer.of(parts.state), salted]);
}

/** The header of a record that `recordOfParts` made. */
export function headerOf(record: Buffer): Buffer {
  return record.subarray(0, record.readUInt32BE(4));
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
