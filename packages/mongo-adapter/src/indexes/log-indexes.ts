import type { LogIndexField } from "@everdraft/core/adapter";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { IndexedCollection } from "../connection/driver.ts";
import { indexesOf } from "./index-guard.ts";
import { logFields, logIndex, sameKey, type WantedIndex } from "./indexes.ts";

/** An index over the log that is there. */
export interface FoundLogIndex {
  readonly field: LogIndexField;
  /** Its name on the server. */
  readonly name: string;
  readonly key: WantedIndex["key"];
}

/** The indexes over the log that are there, in the order in which they help most. */
export async function logIndexesOf(
  events: IndexedCollection,
  deadline: CommandsDeadline,
): Promise<readonly FoundLogIndex[]> {
  const found = await indexesOf(events, deadline);
  return logFields.flatMap((field) => {
    const { key } = logIndex(field);
    const same = found.find((index) => sameKey(index.key, key));
    return typeof same?.name === "string" ? [{ field, name: same.name, key }] : [];
  });
}
