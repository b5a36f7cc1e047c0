import type { CommandStartedEvent, MongoClient } from "mongodb";
import { type Journal, now } from "../history.ts";
import type { AtStep } from "./steps.ts";

/** Commands that change or remove stored documents. */
const changing = new Set([
  "update",
  "delete",
  "findAndModify",
  "drop",
  "renameCollection",
  "collMod",
  "bulkWrite",
]);

/**
 * Tells of the steps of the append protocol by the commands that are sent and answered, and writes down each command that
 * would change the log.
 */
export function watchCommands(client: MongoClient, collection: string, journal: Journal, at: AtStep): void {
  const events = `${collection}.events`;
  const sent = new Map<number, "event" | "view">();
  client.on("commandStarted", ({ commandName, command, requestId }) => {
    const target = String(command[commandName]);
    if (changing.has(commandName) && (target === events || commandName === "bulkWrite"))
      journal.write({ what: "log-changed", at: now(), command: `${commandName} ${target}` });
    if (commandName === "insert" && target === events) {
      sent.set(requestId, "event");
      at("before the event");
      setImmediate(() => {
        at("event sent");
        const [first, second] = documentsOf(command);
        if (second !== undefined) at(first?.type === "imported" ? "inside an import" : "inside a batch");
      });
    } else if (commandName === "update" && target === collection) {
      sent.set(requestId, "view");
      setImmediate(() => at("view sent"));
    } else if (commandName === "update" && target === `${collection}.snapshots`) {
      setImmediate(() => at("snapshot sent"));
    }
  });
  client.on("commandSucceeded", ({ requestId }) => {
    const what = sent.get(requestId);
    sent.delete(requestId);
    if (what === "event") at("event stored, view not");
    if (what === "view") at("view stored, not acknowledged");
  });
  client.on("commandFailed", ({ requestId }) => void sent.delete(requestId));
}

function documentsOf(command: CommandStartedEvent["command"]): readonly { readonly type?: unknown }[] {
  return Array.isArray(command.documents) ? command.documents : [];
}
