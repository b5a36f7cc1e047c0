import type { MongoDatabase } from "./driver.ts";

/** Events of the driver after which the server may be another one, or its data restored. */
const changeEvents = [
  "serverOpening",
  "serverClosed",
  "connectionPoolCleared",
  "serverHeartbeatFailed",
] as const;

/** How often the way to the server was lost or found anew, as far as the storages on a client noticed. */
export interface ClientChanges {
  count(): number;
  /** Notes that a command failed in a way that may mean another server afterwards. */
  note(): void;
  /** Ends the use; the listeners go with the last one. Called once. */
  leave(): void;
}

interface Watched {
  users: number;
  changes: number;
  readonly listener: () => void;
}

const watched = new WeakMap<MongoDatabase["client"], Watched>();

/** Listens to a client: once, however many storages use it. */
export function watchClient(client: MongoDatabase["client"]): ClientChanges {
  const found = watched.get(client) ?? listenTo(client);
  found.users++;
  return {
    count: () => found.changes,
    note: found.listener,
    leave: () => {
      found.users--;
      if (found.users > 0) return;
      watched.delete(client);
      for (const event of changeEvents) client.off(event, found.listener);
    },
  };
}

function listenTo(client: MongoDatabase["client"]): Watched {
  const listener = (): void => {
    one.changes++;
  };
  const one: Watched = { users: 0, changes: 0, listener };
  for (const event of changeEvents) client.on(event, listener);
  watched.set(client, one);
  return one;
}
