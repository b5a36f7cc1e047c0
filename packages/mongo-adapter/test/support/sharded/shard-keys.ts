import type { Document } from "mongodb";

/** The field by which the documents of a collection are split among shards. */
export type ShardKey = "doc" | "_id";

/** The shard key of a collection of the library: the layout of docs/scaling.md. */
export function shardKeyOf(collection: string): ShardKey {
  return /\.(events|snapshots)$/.test(collection) ? "doc" : "_id";
}

/** The values of a field that a filter names, so that nothing else can match; undefined where it names none. */
function valuesNamed(filter: Document, field: string): readonly unknown[] | undefined {
  const condition: unknown = filter[field];
  if (condition === undefined) {
    const parts: readonly Document[] = Array.isArray(filter.$and) ? filter.$and : [];
    return parts.map((part) => valuesNamed(part, field)).find((values) => values !== undefined);
  }
  if (!isOperators(condition)) return [condition];
  if ("$eq" in condition) return [condition.$eq];
  return Array.isArray(condition.$in) ? condition.$in : undefined;
}

function isOperators(condition: unknown): condition is Document {
  if (typeof condition !== "object" || condition === null) return false;
  if (Object.getPrototypeOf(condition) !== Object.prototype) return false;
  return Object.keys(condition).some((name) => name.startsWith("$"));
}

/** One operation of a command: how it picks the documents of its collection. */
export interface Operation {
  readonly kind: "read" | "insert" | "update" | "delete";
  readonly collection: string;
  /** The filter, or the document that is inserted. */
  readonly picks: Document;
  /** Whether it is a write of all that match. */
  readonly many: boolean;
  readonly upsert: boolean;
}

/** The operations of a command on documents; none for a command that concerns a collection as a whole. */
export function operationsOf(name: string, command: Document): readonly Operation[] {
  if (name === "explain") return operationsOf(explained(command), command.explain);
  if (name === "bulkWrite") return command.ops.map((one: Document) => operationOfBulk(one, command.nsInfo));
  const collection = String(command[name]);
  const one = (kind: Operation["kind"], picks: Document, rest: Partial<Operation> = {}): Operation => {
    return { kind, collection, picks, many: rest.many === true, upsert: rest.upsert === true };
  };
  switch (name) {
    case "find":
      return [one("read", command.filter ?? {})];
    case "aggregate":
      return [one("read", command.pipeline[0]?.$match ?? {})];
    case "count":
      return [one("read", command.query ?? {})];
    case "insert":
      return command.documents.map((document: Document) => one("insert", document));
    case "update":
      return command.updates.map(({ q, multi, upsert }: Document) =>
        one("update", q, { many: multi, upsert }),
      );
    case "delete":
      return command.deletes.map(({ q, limit }: Document) => one("delete", q, { many: Number(limit) === 0 }));
    case "findAndModify":
      return [one("update", command.query, { upsert: command.upsert })];
    default:
      return [];
  }
}

/** The name of the command that an `explain` asks about. */
export function explained({ explain }: Document): string {
  return Object.keys(explain)[0] ?? "";
}

function operationOfBulk(
  { insert, update, document, filter, ...rest }: Document,
  nsInfo: Document[],
): Operation {
  const ns = String(nsInfo[Number(insert ?? update ?? rest.delete)]?.ns);
  const kind = insert !== undefined ? "insert" : update !== undefined ? "update" : "delete";
  return {
    kind,
    collection: ns.slice(ns.indexOf(".") + 1),
    picks: document ?? filter,
    many: rest.multi === true,
    upsert: rest.upsert === true,
  };
}

/** The values of the shard key that an operation names; undefined where it has to go to all shards. */
export function keysOf({ collection, kind, picks }: Operation): readonly unknown[] | undefined {
  const key = shardKeyOf(collection);
  return kind === "insert" ? [picks[key]] : valuesNamed(picks, key);
}
