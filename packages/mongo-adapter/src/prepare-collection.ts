import { OptionsError } from "@everdraft/core/adapter";
import { collectionOptions } from "./connection/concerns.ts";
import type { Connection } from "./connection/connection.ts";
import type { CommandsDeadline } from "./connection/deadline.ts";
import type { Document } from "./connection/driver.ts";
import { collectionNames, faultOfName } from "./connection/names.ts";
import { ensureIndexes, makeIndexes } from "./indexes/index-guard.ts";
import { eventIndexes, snapshotIndexes, viewIndexes } from "./indexes/indexes.ts";
import { refuseUnfit } from "./views/view-collection.ts";

/**
 * Makes and checks the parts that a collection needs. Throws OptionsError for a name or a view collection that cannot be,
 * and the errors of `ensureIndexes`. Gives back the indexes of the log.
 */
export async function prepareCollection(
  { db }: Connection,
  collection: string,
  atomic: boolean,
  deadline: CommandsDeadline,
): Promise<readonly Document[]> {
  const reason = faultOfName(db.databaseName, collection);
  if (reason !== undefined) {
    throw new OptionsError({
      option: "collection",
      reason: `${JSON.stringify(collection)} cannot be kept in MongoDB: ${reason}`,
      remedy: "Give the collection another name.",
    });
  }
  const names = collectionNames(collection);
  const of = (name: string) => db.collection(name, collectionOptions);
  // alone: where it has to connect first and cannot, commands beside it fail for another reason
  await refuseUnfit(db, of(names.views), atomic, deadline);
  const [indexes] = await Promise.all([
    ensureIndexes(of(names.events), eventIndexes, deadline),
    ensureIndexes(of(names.snapshots), snapshotIndexes, deadline),
    makeIndexes(of(names.views), viewIndexes, deadline),
  ]);
  return indexes;
}
