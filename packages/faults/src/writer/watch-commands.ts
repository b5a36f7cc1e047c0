import type { CommandStartedEvent, MongoClient } from "mongodb";
import { type Journal, now } from "../history.ts";
import type { AtStep } from "./steps.ts";

/** Commands that change or remove stored documents. */
const changing = new Set(["update", "delete", "findAndModify", "drop", "renameCollection", "collMod"]);

/**
 * Tells of the steps of the append protocol by the commands that are sent and answered, and writes down each command that
 * would change the log.
 */
export function watchCommands(client: MongoClient, collection: string, journal: Journal, at: AtStep): void {
  const events = `${collection}.events`;
  const sent = new Map<number, "event" | "view" | "both">();
  const sendsEvents = (documents: readonly EventSent[]): void => {
    at("before the event");
    setImmediate(() => {
      at("event sent");
      const [first, second] = documents;
      if (second !== undefined) at(first?.type === "imported" ? "inside an import" : "inside a batch");
    });
  };
  client.on("commandStarted", ({ commandName, command, requestId }) => {
    const target = String(command[commandName]);
    if (changing.has(commandName) && target === events)
      journal.write({ what: "log-changed", at: now(), command: `${commandName} ${target}` });
    if (commandName === "bulkWrite") {
      const { inserted, changed } = operationsOn(events, command);
      if (changed) journal.write({ what: "log-changed", at: now(), command: `${commandName} ${events}` });
      if (inserted.length === 0) return;
      sent.set(requestId, "both");
      sendsEvents(inserted);
      setImmediate(() => at("view sent"));
    } else if (commandName === "insert" && target === events) {
      sent.set(requestId, "event");
      sendsEvents(documentsOf(command));
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
    if (what === "view" || what === "both") at("view stored, not acknowledged");
  });
  client.on("commandFailed", ({ requestId }) => void sent.delete(requestId));
}

/** An event as a command holds it. */
interface EventSent {
  readonly type?: unknown;
}

/** An operation of a command `bulkWrite`: the place of its collection stands under its name. */
interface Operation {
  readonly insert?: number;
  readonly update?: number;
  readonly delete?: number;
  readonly document?: EventSent;
}

/** The events that a command `bulkWrite` inserts, and whether it does anything else to the log. */
function operationsOn(
  events: string,
  { ops, nsInfo }: CommandStartedEvent["command"],
): { readonly inserted: readonly EventSent[]; readonly changed: boolean } {
  const operations: readonly Operation[] = Array.isArray(ops) ? ops : [];
  const isOfLog = (place: number | undefined): boolean =>
    place !== undefined && String(nsInfo[place]?.ns).endsWith(`.${events}`);
  return {
    inserted: operations.flatMap(({ insert, document }) =>
      document !== undefined && isOfLog(insert) ? [document] : [],
    ),
    changed: operations.some((operation) => isOfLog(operation.update) || isOfLog(operation.delete)),
  };
}

function documentsOf(command: CommandStartedEvent["command"]): readonly EventSent[] {
  return Array.isArray(command.documents) ? command.documents : [];
}
