import { isPlain, OptionsError } from "@everdraft/core/adapter";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { Document, IndexedCollection, MongoDatabase } from "../connection/driver.ts";
import { indexesOf } from "../indexes/index-guard.ts";

/**
 * Refuses a view collection that could refuse views for their content: a view is written after its event, so a refused view
 * stays behind for ever. With atomicViews event and view are refused together, so only a collection that loses or reorders
 * documents is refused. Throws OptionsError.
 */
export async function refuseUnfit(
  db: MongoDatabase,
  views: IndexedCollection,
  atomic: boolean,
  deadline: CommandsDeadline,
): Promise<void> {
  const name = views.collectionName;
  const [found] = await db.listCollections({ name }, { maxTimeMS: deadline.left() }).toArray();
  if (found === undefined) return;
  const fault = faultOfCollection(found, await indexesOf(views, deadline), atomic);
  if (fault === undefined) return;
  const remedy = fault.atomicHelps
    ? "Take that away, or open the storage with atomicViews: true."
    : "Take that away.";
  const reason = `${JSON.stringify(name)} cannot hold the current documents: ${fault.reason}`;
  throw new OptionsError({ option: "collection", reason, remedy });
}

interface Fault {
  readonly reason: string;
  readonly atomicHelps: boolean;
}

/** The fault of a view collection, from the server's facts about it, or undefined. */
export function faultOfCollection(
  info: { readonly type?: string; readonly options?: object },
  indexes: readonly Readonly<Document>[],
  atomic: boolean,
): Fault | undefined {
  const options = isPlain(info.options) ? info.options : {};
  const always = (reason: string): Fault => ({ reason, atomicHelps: false });
  if (info.type !== undefined && info.type !== "collection") return always(`it is a ${info.type}`);
  if (options.capped === true) return always("it is capped, so it drops documents");
  const { locale } = isPlain(options.collation) ? options.collation : {};
  if (locale !== undefined && locale !== "simple") return always("it has a default collation");
  const ttl = indexes.find((index) => index.expireAfterSeconds !== undefined);
  if (ttl !== undefined) return always(`the index ${ttl.name} drops documents after a time (TTL)`);
  if (atomic) return undefined;
  const refusing = (reason: string): Fault => ({ reason, atomicHelps: true });
  if (isPlain(options.validator) && Object.keys(options.validator).length > 0)
    return refusing("it has a validator");
  const unique = indexes.find((index) => index.unique === true && index.name !== "_id_");
  return unique && refusing(`the unique index ${unique.name} could refuse them`);
}
