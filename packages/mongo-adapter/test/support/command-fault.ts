import type { Document } from "mongodb";
import { routeFault } from "./sharded/scans.ts";

/** All that may be done to a log. */
const onEvents = new Set([
  "insert",
  "find",
  "getMore",
  "aggregate",
  "createIndexes",
  "listIndexes",
  "explain",
  // of a test that splits it
  "shardCollection",
  // what `facts` tells people: how many, and how large
  "count",
  "collStats",
]);
/** The indexes of a log that a store asked for: no promise rests on them. */
const ofStores = /^(act|by|type)_1_at_1_doc_1_version_1$/;

const writes = new Set(["insert", "update", "delete", "findAndModify"]);
const reads = new Set(["find", "aggregate", "count", "distinct"]);

/**
 * What the adapter may not send, by the promises of its README: anything but inserts into a log, a write without
 * majority and journal, a read that another member could answer or that could be rolled back, an operation that names no
 * shard key and is none of the scans that do not. Undefined where nothing is wrong.
 */
export function commandFault(name: string, command: Document): string | undefined {
  if (name === "bulkWrite") return bulkFault(command);
  const collection: unknown = name === "getMore" ? command.collection : command[name];
  if (typeof collection !== "string") return undefined;
  const at = `${name} ${collection}`;
  const isLog = collection.endsWith(".events");
  const mayGo = name === "dropIndexes" && ofStores.test(command.index);
  if (isLog && !onEvents.has(name) && !mayGo) return `${at}: a log is only added to`;
  if (writes.has(name) || name === "commitTransaction") {
    // what a transaction writes is as durable as its commit
    if (command.autocommit === undefined && !isDurable(command)) return `${at}: without w majority and j`;
  }
  if (reads.has(name)) {
    const inside = command.autocommit === false && command.startTransaction !== true;
    if (!inside && command.readConcern?.level !== "majority") return `${at}: not from the majority`;
    if (!/^primary/.test(command.$readPreference?.mode ?? "primary")) return `${at}: not from the primary`;
  }
  return routeFault(name, command);
}

/** The fault of a command that writes to several collections: each of its operations is looked at as a command of its own. */
function bulkFault({ ops, nsInfo, ordered, ...rest }: Document): string | undefined {
  if (ordered !== true) return "bulkWrite: a view may be written of an event that lost";
  for (const { insert, update, delete: deleted, ...operation } of ops) {
    const [name, place] =
      insert !== undefined
        ? ["insert", insert]
        : update !== undefined
          ? ["update", update]
          : ["delete", deleted];
    const { ns } = nsInfo[place];
    const { document, filter, multi, upsert } = operation;
    const content = {
      documents: [document],
      updates: [{ q: filter, multi, upsert }],
      deletes: [{ q: filter }],
    };
    const command = { ...rest, [name]: ns.slice(ns.indexOf(".") + 1), ...content };
    const fault = commandFault(name, command);
    if (fault !== undefined) return fault;
    if (operation.upsert === true) return `${name} ${ns}: an update that inserts`;
  }
  return undefined;
}

function isDurable({ writeConcern }: Document): boolean {
  return writeConcern?.w === "majority" && writeConcern.j === true;
}
