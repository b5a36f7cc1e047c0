import { type Sort, sortValue } from "@everdraft/core/adapter";
import { BSON, type Document } from "mongodb";
import { compareSorted, mongoOrder } from "../../../src/bson/bson-order.ts";
import {
  documentField,
  documentOf,
  fieldsOf,
  intField,
  listField,
  longField,
  type RawField,
} from "./raw-bson.ts";
import type { RawCommand, Shards } from "./shards.ts";

const batchSize = 1_000_000;

/** Asks shards for the documents of a find or an aggregation, and answers with all of them in the order of its sort. */
export async function readFrom(
  shards: Shards,
  asked: readonly number[],
  command: RawCommand,
): Promise<Buffer> {
  const found = await Promise.all(asked.map((shard) => allOf(shards, shard, command)));
  const { read, name } = command;
  const merged = name === "find" ? merge(found, sortOf(read)) : counted(found.flat(), read);
  const limit = Math.abs(Number(read.limit ?? 0));
  const documents = limit > 0 ? merged.slice(0, limit) : merged;
  const ns = BSON.serialize({ ns: `${read.$db}.${read[name]}` });
  const cursor = documentOf([
    listField("firstBatch", documents),
    longField("id", 0n),
    ...fieldsOf(Buffer.from(ns)),
  ]);
  return documentOf([documentField("cursor", cursor), intField("ok", 1)]);
}

/** The sum of the counts of all shards. */
export async function countOn(
  shards: Shards,
  asked: readonly number[],
  { fields }: RawCommand,
): Promise<Buffer> {
  const replies = await Promise.all(asked.map((shard) => shards.ask(shard, fields)));
  const n = replies.reduce((sum, reply) => sum + Number(BSON.deserialize(reply).n), 0);
  return documentOf([intField("n", n), intField("ok", 1)]);
}

/** All documents of a shard that a cursor gives. */
async function allOf(
  shards: Shards,
  shard: number,
  { name, fields, read }: RawCommand,
): Promise<readonly Buffer[]> {
  const size = intField("batchSize", batchSize);
  const ends = name === "find" ? [size] : [documentField("cursor", documentOf([size]))];
  const rest = fields.filter((field) => field.name !== "batchSize" && field.name !== "cursor");
  const found: Buffer[] = [];
  let reply = await shards.ask(shard, [...rest, ...ends]);
  for (;;) {
    const cursor = fieldsOf(fieldNamed(reply, "cursor").value);
    const batch = cursor.find((field) => field.name === "firstBatch" || field.name === "nextBatch");
    if (batch !== undefined) found.push(...fieldsOf(batch.value).map(({ value }) => value));
    const id = cursor.find((field) => field.name === "id")?.value.readBigInt64LE() ?? 0n;
    if (id === 0n) return found;
    const more = BSON.serialize({ collection: read[name], $db: read.$db });
    reply = await shards.ask(shard, [longField("getMore", id), ...fieldsOf(Buffer.from(more)), size]);
  }
}

function fieldNamed(document: Buffer, name: string): RawField {
  const field = fieldsOf(document).find((one) => one.name === name);
  if (field === undefined) throw new Error(`the answer has no ${name}`);
  return field;
}

function sortOf({ sort = {} }: Document): Sort {
  return Object.entries(sort).map(([path, way]) => [path, Number(way) === -1 ? -1 : 1] as const);
}

/** Puts answers that each are in order together to one that is. A field that was not asked for decides nothing. */
function merge(answers: readonly (readonly Buffer[])[], sort: Sort): readonly Buffer[] {
  const rest = answers.map((documents) =>
    documents.map((bytes) => ({ bytes, values: valuesOf(bytes, sort) })),
  );
  const merged: Buffer[] = [];
  for (;;) {
    const first = rest.filter((documents) => documents.length > 0);
    const [some] = first;
    if (some === undefined) return merged;
    const next = first.reduce((best, other) => (compare(other[0], best[0], sort) < 0 ? other : best), some);
    merged.push(...next.splice(0, 1).map(({ bytes }) => bytes));
  }
}

interface Placed {
  readonly values: readonly unknown[];
}

function valuesOf(bytes: Buffer, sort: Sort): readonly unknown[] {
  const document = sort.length === 0 ? {} : BSON.deserialize(bytes, { promoteLongs: false });
  return sort.map(([path, direction]) => sortValue(document, path, direction, mongoOrder));
}

function compare(a: Placed | undefined, b: Placed | undefined, sort: Sort): number {
  for (const [i, [, direction]] of sort.entries()) {
    const compared = compareSorted(a?.values[i], b?.values[i]) * direction;
    if (compared !== 0) return compared;
  }
  return 0;
}

/** One document with the sum, where an aggregation counts; else the documents as they are. */
function counted(documents: readonly Buffer[], { pipeline }: Document): readonly Buffer[] {
  const group: unknown = pipeline.at(-1)?.$group;
  if (JSON.stringify(group) !== '{"_id":1,"n":{"$sum":1}}' || documents.length < 2) return documents;
  const n = documents.reduce((sum, bytes) => sum + Number(BSON.deserialize(bytes).n), 0);
  return [Buffer.from(BSON.serialize({ _id: 1, n }))];
}
