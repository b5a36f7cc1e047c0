import type { Connection } from "./connection.ts";
import type { CommandsDeadline } from "./deadline.ts";

const ending = ".events";

/** The collections of documents that a database holds: those with a log. */
export async function listCollections(
  { db }: Connection,
  deadline: CommandsDeadline,
): Promise<readonly string[]> {
  const options = { nameOnly: true, maxTimeMS: deadline.left(), signal: deadline.signal };
  const all = await db.listCollections({ type: "collection" }, options).toArray();
  const logs = all.map(({ name }) => name).filter((name) => name.endsWith(ending));
  return logs.map((name) => name.slice(0, -ending.length)).sort();
}
