import { createHash } from "node:crypto";
import { BSON, type Document, Double, Int32, Long } from "mongodb";
import { documentOf, fieldsOf, type RawField } from "./raw-bson.ts";
import { documentIn, messageOf, type ShardLink } from "./shard-link.ts";

/** A command as bytes, beside the same as an object, by which it is routed. */
export interface RawCommand {
  readonly name: string;
  readonly fields: readonly RawField[];
  readonly read: Document;
}

/** The answer of a shard that did not carry a command out; it is the answer of the router too. */
export class ShardRefusal extends Error {
  readonly reply: Buffer;
  constructor(reply: Buffer) {
    super("a shard refused a command");
    this.reply = reply;
  }
}

/** The shards, as one connection of a client uses them. */
export interface Shards {
  readonly count: number;
  /** The answer of a shard. Throws ShardRefusal where it says no. */
  ask(shard: number, fields: readonly RawField[]): Promise<Buffer>;
}

/** Shards behind connections of one client. */
export function shardsBehind(links: readonly ShardLink[]): Shards {
  let sent = 0;
  return {
    count: links.length,
    ask: async (shard, fields) => {
      const link = links[shard];
      if (link === undefined) throw new RangeError(`there is no shard ${shard}`);
      const reply = documentIn(await link.send(messageOf(documentOf(fields), { own: ++sent, answers: 0 })));
      const { ok } = BSON.deserialize(withoutContent(reply));
      if (Number(ok) !== 1) throw new ShardRefusal(reply);
      return reply;
    },
  };
}

/** A document without the fields that hold documents of users. */
function withoutContent(document: Buffer): Buffer {
  return documentOf(fieldsOf(document).filter(({ name }) => name !== "cursor" && name !== "value"));
}

/** The shard of a value of a shard key: by its hash, so that neighbours are seldom on one. */
export function shardOf(value: unknown, count: number): number {
  const isNumber = value instanceof Int32 || value instanceof Double || value instanceof Long;
  const bytes = BSON.serialize({ key: isNumber ? Number(value) : value });
  return createHash("sha256").update(bytes).digest().readUInt32BE(0) % count;
}

/** All shards, or those of the values. */
export function shardsOf(values: readonly unknown[] | undefined, count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, shard) => shard);
  if (values === undefined) return all;
  const named = new Set(values.map((value) => shardOf(value, count)));
  return all.filter((shard) => named.has(shard));
}
