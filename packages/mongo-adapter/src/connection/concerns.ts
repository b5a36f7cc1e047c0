import { bsonOptions } from "../bson/bson.ts";
import type { CommandsDeadline } from "./deadline.ts";

/** Events and views are durable once they are acknowledged, whatever fails afterwards. */
export const writeConcern = { w: "majority", journal: true } as const;

/** What decides anything must not be rolled back later. */
export const readConcern = { level: "majority" } as const;

/** What every handle of a collection is made with, so that nothing is inherited from client or database. */
export const collectionOptions: object = {
  ...bsonOptions,
  readPreference: "primary",
  readConcern,
  writeConcern,
};

/**
 * What every write outside a transaction takes. The server gives up by then too: else a write that waits for
 * other members would keep its connection for ever.
 */
export function durably(deadline: CommandsDeadline): {
  readonly writeConcern: object;
  readonly maxTimeMS: number;
} {
  const left = deadline.left();
  return { writeConcern: { ...writeConcern, wtimeoutMS: left }, maxTimeMS: left };
}
