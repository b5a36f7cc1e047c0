import type { MongoClient, MongoClientOptions } from "mongodb";
import { afterAll, expect } from "vitest";
import { commandFault } from "./command-fault.ts";

const found = new Map<string, number>();
// after all tests of any file, whatever they were about
afterAll(() => {
  expect([...found]).toEqual([]);
});

/** What a client is made with, so that its commands can be watched. */
export const watchable: MongoClientOptions = { monitorCommands: true };

/** Watches all that a client of the adapter sends; a command that it may not send fails the file. */
export function watch(client: MongoClient): MongoClient {
  client.on("commandStarted", ({ commandName, command }) => {
    const fault =
      commandName === "commitTransaction"
        ? commandFault(commandName, { ...command, commitTransaction: "a transaction", autocommit: undefined })
        : commandFault(commandName, command);
    if (fault !== undefined) found.set(fault, (found.get(fault) ?? 0) + 1);
  });
  return client;
}
