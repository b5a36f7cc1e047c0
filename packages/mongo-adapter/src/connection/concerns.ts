import { bsonOptions } from "../bson/bson.ts";
import type { CommandsDeadline } from "./deadline.ts";

/** Events and views are durable once they are acknowledged, whatever fails afterwards. */
export const writeConcern = { w: "majority", journal: true } as const;

/** The data that a decision rests on must not be rolled back later. */
export const readConcern = { level: "majority" } as const;

/** The options of every handle of a collection, so that nothing is inherited from client or database. */
export const collectionOptions: object = {
  ...bsonOptions,
  readPreference: "primary",
  readConcern,
  writeConcern,
};

/**
 * The options of every write outside a transaction. The server gives up at the deadline too: otherwise a write that waits
 * for other members would keep its connection for ever.
 */
export function durably(deadline: CommandsDeadline): {
  readonly writeConcern: object;
  readonly maxTimeMS: number;
} {
  const left = deadline.left();
  return { writeConcern: { ...writeConcern, wtimeoutMS: left }, maxTimeMS: left };
}
