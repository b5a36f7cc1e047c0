import { type Failure, StorageCorruptError, StorageError } from "@everdraft/core/adapter";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { Document, IndexedCollection } from "../connection/driver.ts";
import { codeOf } from "../errors/driver-errors.ts";
import { faultOfIndex, namesOfIndex, shellCommand, slotIndex, type WantedIndex } from "./indexes.ts";

/** How long an index that was found counts as there, in milliseconds. */
const trustedFor = 30_000;

/** Codes of the server for rights that the client's user lacks. */
const noRights: ReadonlySet<number | undefined> = new Set([13, 18]);
/** Codes for an index of that name or those fields with other options. */
const otherIndex: ReadonlySet<number | undefined> = new Set([85, 86]);
const duplicates = 11000;
/** The code for an index beyond those that a collection may have. */
const tooManyIndexes = 67;

/**
 * Makes the missing indexes of a collection, and looks whether those that guard something are right. Throws
 * StorageCorruptError where one is there but does not guard, StorageError with the command to hand on where the user may
 * not make it. Gives back the indexes that are there then.
 */
export async function ensureIndexes(
  collection: IndexedCollection,
  wanted: readonly WantedIndex[],
  deadline: CommandsDeadline,
): Promise<readonly Document[]> {
  const found = await indexesOf(collection, deadline);
  const missing = wanted.filter((index) => faultOfIndex(found, index) === "is missing");
  for (const index of missing) await makeIndex(collection, index);
  const now = missing.length === 0 ? found : await indexesOf(collection, deadline);
  for (const index of wanted) refuseFault(collection.collectionName, index, faultOfIndex(now, index));
  return now;
}

/**
 * Makes missing indexes that only save time. Where the user may not make one, or another is in its way, the collection
 * works without: `facts` tells of it.
 */
export async function makeIndexes(
  collection: IndexedCollection,
  wanted: readonly WantedIndex[],
  deadline: CommandsDeadline,
): Promise<void> {
  const found = await indexesOf(collection, deadline);
  for (const index of wanted) {
    if (faultOfIndex(found, index) !== "is missing") continue;
    try {
      await collection.createIndex({ ...index.key }, { name: index.name });
    } catch (error) {
      const code = codeOf(error);
      if (!noRights.has(code) && !otherIndex.has(code) && code !== tooManyIndexes) throw error;
    }
  }
}

/** The indexes of a collection; none where it does not exist yet. */
export async function indexesOf(
  collection: IndexedCollection,
  deadline: CommandsDeadline,
): Promise<readonly Document[]> {
  try {
    return await collection.listIndexes({ readPreference: "primary", maxTimeMS: deadline.left() }).toArray();
  } catch (error) {
    if (codeOf(error) === 26) return [];
    throw error;
  }
}

/**
 * Makes one index. Throws StorageError where the user may not make it, StorageCorruptError where doubles or another index
 * are in the way.
 */
export async function makeIndex(collection: IndexedCollection, index: WantedIndex): Promise<void> {
  const { name, key, unique } = index;
  try {
    await collection.createIndex({ ...key }, { name, ...(unique && { unique }) });
  } catch (cause) {
    const code = codeOf(cause);
    const command = shellCommand(collection.collectionName, index);
    const where = `on ${JSON.stringify(collection.collectionName)}`;
    const failed = (reason: string, remedy: string): Failure => {
      return { operation: "make an index", where, reason, remedy };
    };
    if (noRights.has(code)) {
      const reason = `${name} is missing, and the client's user may not make it`;
      throw new StorageError(failed(reason, `Hand this to who may: ${command}`), { cause });
    }
    // other servers tell doubles by codes of their own
    if (code === duplicates || (unique && !otherIndex.has(code) && (await hasDoubles(collection, index)))) {
      const reason = `the unique ${name} is missing, and something is doubled there already`;
      const remedy = "See with verify which slots are, and resolve that first.";
      throw new StorageCorruptError(failed(reason, remedy), { cause });
    }
    // the look that follows tells which index is there instead
    if (!otherIndex.has(code)) throw cause;
    const reason = `there is one of the name ${name} with other fields or options`;
    throw new StorageCorruptError(failed(reason, `Drop that one, then: ${command}`), { cause });
  }
}

/** Whether several documents have the same values in the fields of an index. */
async function hasDoubles(collection: IndexedCollection, { key }: WantedIndex): Promise<boolean> {
  const fields = Object.keys(key).map((name) => [name, `$${name}`]);
  const groups = [
    { $group: { _id: Object.fromEntries(fields), count: { $sum: 1 } } },
    { $match: { count: { $gt: 1 } } },
    { $limit: 1 },
  ];
  try {
    return (await collection.aggregate(groups, { allowDiskUse: true }).toArray()).length > 0;
  } catch {
    return false;
  }
}

function refuseFault(collection: string, index: WantedIndex, fault: string | undefined): void {
  if (fault === undefined) return;
  throw lostIndex(collection, index, fault);
}

/** The error for an index that does not serve its purpose. */
function lostIndex(collection: string, index: WantedIndex, fault: string): StorageCorruptError {
  const unguarded = index.unique ? ", so nothing guards its slots, and nothing is written" : "";
  return new StorageCorruptError({
    operation: "store events",
    reason: `the index over (${Object.keys(index.key).join(", ")}) of ${JSON.stringify(collection)} ${fault}${unguarded}`,
    remedy: `See with verify whether any slot is doubled, drop what is there instead, then: ${shellCommand(collection, index)}`,
  });
}

/** The guard of the slots. */
export interface SlotGuard {
  /** Looks before a write whether they are guarded. Throws StorageCorruptError where they are not. */
  check(deadline: CommandsDeadline): Promise<void>;
  /** Whether an index of this name guards them; looked at anew where it is not known to. */
  isSlotIndex(name: string, deadline: CommandsDeadline): Promise<boolean>;
}

/**
 * The unique index over (doc, version) is the only guard of writes, so it is looked at when the collection is
 * opened (`found` then), every 30 s of writing, and when the server may be another one or restored.
 */
export function slotGuard(
  connection: Connection,
  events: IndexedCollection,
  found: readonly Readonly<Document>[],
): SlotGuard {
  let foundAt = performance.now();
  let seen = connection.changes();
  let names = namesOfIndex(found, slotIndex);
  const look = async (deadline: CommandsDeadline): Promise<string | undefined> => {
    const [lookedAt, changes] = [performance.now(), connection.changes()];
    const now = await indexesOf(events, deadline);
    names = namesOfIndex(now, slotIndex);
    const fault = faultOfIndex(now, slotIndex);
    if (fault === undefined) [foundAt, seen] = [lookedAt, changes];
    return fault;
  };
  return {
    check: async (deadline) => {
      if (connection.changes() === seen && performance.now() - foundAt < trustedFor) return;
      const fault = await look(deadline);
      if (fault !== undefined) throw lostIndex(events.collectionName, slotIndex, fault);
    },
    isSlotIndex: async (name, deadline) => {
      if (!names.has(name)) await look(deadline);
      return names.has(name);
    },
  };
}
