/** The collections of one collection of documents. */
export interface CollectionNames {
  /** The current states: the user's own collection. */
  readonly views: string;
  /** The log. */
  readonly events: string;
  /** The kept folds. */
  readonly snapshots: string;
}

/** The names of these collections. */
export function collectionNames(collection: string): CollectionNames {
  return { views: collection, events: `${collection}.events`, snapshots: `${collection}.snapshots` };
}

/** Where the checkpoints of all collections are. */
export const checkpointsName = "everdraft.checkpoints";

/** The longest name of a collection with its database, in bytes, that every server takes. */
const longestNamespace = 255;

/** The fault of a name, or undefined. */
export function faultOfName(database: string, collection: string): string | undefined {
  if (collection === "") return "it is empty";
  if (collection.includes("\0")) return "it holds a NUL character";
  if (collection.includes("$")) return 'it holds "$"';
  if (/\p{Surrogate}/u.test(collection)) return "it holds half of a surrogate pair";
  if (collection.startsWith("system.")) return 'MongoDB keeps names that begin with "system." to itself';
  if (collection.startsWith(".") || collection.endsWith(".")) return "it begins or ends with a dot";
  if (collection.includes("..")) return "it holds two dots in a row";
  if (collection === checkpointsName) return "the checkpoints are kept there";
  const { snapshots } = collectionNames(collection);
  if (Buffer.byteLength(`${database}.${snapshots}`) > longestNamespace) {
    return `with its database it is longer than ${longestNamespace - ".snapshots".length} bytes`;
  }
  return undefined;
}
