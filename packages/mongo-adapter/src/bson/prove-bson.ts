import { OptionsError } from "@everdraft/core/adapter";
import type { Connection } from "../connection/connection.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import { whichBson } from "./bson-classes.ts";
import { bsonType } from "./bson-values.ts";

/**
 * Proves that the classes are those of the driver that made the database. The driver refuses some writes of values that are
 * not its own, and the values that it reads are of classes that the program does not know. Every answer has numbers, which
 * the driver gives as its own values where it is asked to. Throws OptionsError.
 */
export async function proveBson({ db, bson }: Connection, deadline: CommandsDeadline): Promise<void> {
  const answer = await db.command({ hello: 1 }, { promoteValues: false, signal: deadline.signal });
  const values = Object.values(answer).filter((value) => bsonType(value) !== undefined);
  const strangers = values.filter((value) => !isOf(bson, value));
  if (strangers.length === 0) return;
  const reason = "the database is of another driver, or of another copy of it, than the classes of BSON";
  throw new OptionsError({ option: "BSON", reason, remedy: whichBson });
}

function isOf(bson: object, value: unknown): boolean {
  const known: unknown = Reflect.get(bson, bsonType(value) ?? "");
  return typeof known === "function" && value instanceof known;
}
