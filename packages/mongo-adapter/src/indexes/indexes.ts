import {
  indexName,
  isPlain,
  type LogIndexField,
  type PlainObject,
  type RowIndex,
} from "@everdraft/core/adapter";

/** An index, and the queries that it serves. */
export interface WantedIndex {
  /** Its name. */
  readonly name: string;
  /** Its fields, in order. */
  readonly key: Readonly<Record<string, 1 | -1>>;
  /** Whether it guards something, so that nothing is written without it. */
  readonly unique: boolean;
  /** Its purposes: rules that it guards, and queries that it answers. */
  readonly serves: readonly string[];
}

/** The unique index over the slot: the only guard of writes. */
export const slotIndex: WantedIndex = {
  name: "doc_1_version_1",
  key: { doc: 1, version: 1 },
  unique: true,
  serves: [
    "one event a slot",
    "events of a document from a version to another: { doc, version: { $gte, $lte } } by version",
    "its newest event: { doc, version: { $gte } } by version down",
    "ids of documents: { doc: { $gt, $lte } } by doc and version, doc alone",
  ],
};

/** The indexes of the log. */
export const eventIndexes: readonly WantedIndex[] = [
  slotIndex,
  {
    name: "at_1_doc_1_version_1",
    key: { at: 1, doc: 1, version: 1 },
    unique: false,
    serves: ["changes, sweep and asOf: { at: { $gte, $lte } } by at, doc and version, both ways"],
  },
];

/** The indexes of the documents themselves, beside those that their owner makes. */
export const viewIndexes: readonly WantedIndex[] = [
  {
    name: "_everdraft.schema_1",
    key: { "_everdraft.schema": 1 },
    unique: false,
    serves: ["documents of an older or a newer schema: { _everdraft.schema: { $gte, $lte } }"],
  },
];

/** The indexes of the snapshots. */
export const snapshotIndexes: readonly WantedIndex[] = [
  {
    name: "doc_1_version_1",
    key: { doc: 1, version: 1 },
    unique: true,
    serves: [
      "the one at or before a version: { doc, version: { $gte, $lt } } by version down",
      "one snapshot a version",
    ],
  },
  {
    name: "doc_1_at_1_version_1",
    key: { doc: 1, at: 1, version: 1 },
    unique: false,
    serves: ["neighbours of a date: { doc, at: { $gte, $lt } } and { $gte } by at and version"],
  },
];

/** An index over the log that the owner of a store asks for. */
export function logIndex(field: LogIndexField): WantedIndex {
  const key = { [field]: 1, at: 1, doc: 1, version: 1 } as const;
  const serves = [`changes with { ${field} } by at, doc and version, both ways`];
  return { name: `${field}_1_at_1_doc_1_version_1`, key, unique: false, serves };
}

/** The fields by which a log may have an index. One act has fewer events than one user, and a user fewer than a type. */
export const logFields: readonly LogIndexField[] = ["act", "by", "type"];

/** An index that the owner of a store or of a projection asks for. */
export function ownersIndex({ keys }: RowIndex): WantedIndex {
  return { name: indexName(keys), key: keys, unique: false, serves: ["the finds of its owner"] };
}

/** The text to type into mongosh to make an index. */
export function shellCommand(collection: string, { key, unique, name }: WantedIndex): string {
  const options = { ...(unique && { unique }), name };
  return `db.getCollection(${JSON.stringify(collection)}).createIndex(${JSON.stringify(key)}, ${JSON.stringify(options)})`;
}

/**
 * The fault of the indexes of a collection where one of them has to guard something, or undefined. An index of the same
 * fields that is not unique, partial, sparse or with a collation lets doubles through.
 */
export function faultOfIndex(
  found: readonly Readonly<Record<string, unknown>>[],
  wanted: WantedIndex,
): string | undefined {
  const same = found.filter((index) => sameKey(index.key, wanted.key));
  if (same.length === 0) return "is missing";
  const faults = same.map((index) => weaknessOf(index, wanted.unique));
  return faults.includes(undefined) ? undefined : faults[0];
}

/** The names of the indexes that serve the purpose of this one. */
export function namesOfIndex(
  found: readonly Readonly<Record<string, unknown>>[],
  wanted: WantedIndex,
): ReadonlySet<unknown> {
  const right = found.filter(
    (index) => sameKey(index.key, wanted.key) && weaknessOf(index, wanted.unique) === undefined,
  );
  return new Set(right.map(({ name }) => name));
}

function weaknessOf(index: Readonly<Record<string, unknown>>, unique: boolean): string | undefined {
  if (unique && index.unique !== true) return "is not unique";
  if (index.partialFilterExpression !== undefined) return "is partial";
  if (index.sparse === true) return "is sparse";
  const { locale } = isPlain(index.collation) ? index.collation : {};
  if (locale !== undefined && locale !== "simple") return "has a collation";
  return undefined;
}

/** Whether an index has these fields, in this order. */
export function sameKey(found: unknown, wanted: Readonly<Record<string, number>>): boolean {
  const fields = (key: PlainObject): string =>
    JSON.stringify(Object.entries(key).map(([name, way]) => [name, Number(way)]));
  return isPlain(found) && fields(found) === fields(wanted);
}
