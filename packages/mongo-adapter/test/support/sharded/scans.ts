import type { Document } from "mongodb";
import { explained, keysOf, operationsOf, shardKeyOf } from "./shard-keys.ts";

/** A read of the library that goes to all shards, and how it is told from others. */
interface Scan {
  /** Its purpose. */
  readonly name: string;
  readonly of: RegExp;
  readonly matches: (name: string, command: Document) => boolean;
}

const log = /\.events$/;
const rows = /\.rows\.[^.]+\.v\d+$/;

/** All that the library may ask of every shard. Each other operation names the shard key of its collection. */
const scans: readonly Scan[] = [
  {
    name: "changes in the order of time",
    of: log,
    matches: (name, { filter, sort }) =>
      name === "find" && "at" in filter && isSort(sort, ["at", "doc", "version"]),
  },
  {
    name: "ids of documents",
    of: log,
    matches: (name, { filter, sort, projection }) =>
      name === "find" &&
      Object.keys(filter).join() === "doc" &&
      isSort(sort, ["doc", "version"]) &&
      Object.keys(projection ?? {}).join() === "_id,doc",
  },
  {
    name: "doubled slots, where the index over them cannot be made",
    of: log,
    matches: (name, { pipeline }) => name === "aggregate" && "$group" in pipeline[0],
  },
  // what `facts` tells people
  { name: "an estimate of their number", of: /./, matches: (name) => name === "count" },
  {
    name: "finds and counts of documents and of rows by their fields",
    of: /^(?!.*\.(events|snapshots)$)(?!everdraft\.checkpoints$)/,
    matches: (name) => name === "find" || name === "aggregate",
  },
  {
    name: "names of checkpoints with one beginning",
    of: /^everdraft\.checkpoints$/,
    matches: (name, { filter }) => name === "find" && Object.keys(filter).join() === "_id",
  },
  {
    name: "the rows of a document that are older than others",
    of: rows,
    matches: (name, { deletes = [] }) =>
      name === "delete" &&
      deletes.every(({ q, limit }: Document) => "_everdraft.doc" in q && Number(limit) === 0),
  },
];

function isSort(sort: unknown, fields: readonly string[]): boolean {
  const names = sort instanceof Map ? [...sort.keys()] : Object.keys(sort ?? {});
  return names.join() === fields.join();
}

/**
 * Why a command cannot be sent to the shards of the documents that it is about; undefined where it can, and for the scans
 * that are meant for all shards. A write of one document is refused by mongos where it names no shard.
 */
export function routeFault(name: string, command: Document): string | undefined {
  if (name === "explain") return routeFault(explained(command), command.explain);
  for (const operation of operationsOf(name, command)) {
    if (keysOf(operation)?.every((value) => value !== undefined)) continue;
    const { collection } = operation;
    if (scans.some(({ of, matches }) => of.test(collection) && matches(name, command))) continue;
    return `${name} ${collection}: the shard key ${shardKeyOf(collection)} is not named`;
  }
  return undefined;
}
