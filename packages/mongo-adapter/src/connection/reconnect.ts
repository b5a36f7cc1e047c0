import { nameOf, property } from "../errors/driver-errors.ts";
import type { CommandsDeadline } from "./deadline.ts";
import type { MongoConnection } from "./driver.ts";

/**
 * Does work, connecting anew where the driver gave its client up. It does so when a first connection fails, says
 * "Topology is closed" from then on, and does not try again by itself. A client that its owner closed stays closed.
 */
export async function reconnecting<R>(
  client: MongoConnection,
  deadline: CommandsDeadline,
  work: () => Promise<R>,
): Promise<R> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!wasGivenUp(client, error) || deadline.over()) throw error;
      await client.connect();
    }
  }
}

/** Whether an error says that the driver gave the client up. Surely nothing was sent then. */
export function wasGivenUp(client: MongoConnection, error: unknown): boolean {
  // a client that its owner closed has no topology any more; in drivers 6 and 7 nothing public tells the two apart
  return nameOf(error) === "MongoTopologyClosedError" && property(client, "topology") !== undefined;
}
