// node writer/main.js SETTINGS: a process of its own that writes, for runs that end it at any moment. It stops at the end of its
// input, and writes down its acts in a journal.
import { createStore } from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { MongoClient } from "mongodb";
import { fileJournal, now } from "../history.ts";
import type { Log } from "./schedule.ts";
import type { WriterSettings } from "./settings.ts";
import { type Step, withSteps } from "./steps.ts";
import { watchCommands } from "./watch-commands.ts";
import { work } from "./work.ts";

const settings: WriterSettings = JSON.parse(process.argv[2] ?? "{}");
const journal = fileJournal(settings.journal);
if (settings.clockOffset !== 0) {
  const real = Date.now.bind(Date);
  Date.now = () => real() + settings.clockOffset;
}

let left = settings.end?.times ?? 0;
/** Ends this process as a crash would, at the step that the settings name. */
function at(step: Step): void {
  if (settings.end?.step !== step || --left > 0) return;
  const moment = now();
  journal.write({ what: "strike", fault: step, at: moment, until: moment });
  process.kill(process.pid, "SIGKILL");
}

const { target } = settings;
const client =
  target.storage === "mongodb"
    ? new MongoClient(target.uri, {
        retryWrites: target.retryWrites,
        monitorCommands: true,
        serverSelectionTimeoutMS: 2_000,
        maxPoolSize: 20,
      })
    : undefined;
if (client !== undefined) watchCommands(client, settings.collection, journal, at);
const storage: Storage<string> =
  target.storage === "mongodb" && client !== undefined
    ? mongoStorage(client.db(target.database))
    : withSteps(sqliteStorage(target.storage === "sqlite" ? target.file : ""), at);

let stopped = false;
const stop = (): void => {
  stopped = true;
};
process.stdin.resume().once("end", stop).once("error", stop).once("close", stop);

const store = createStore<Log>({ collection: settings.collection, storage });
const performer = { store, journal, user: settings.name, timeoutMs: settings.timeoutMs };
await work(performer, {
  name: settings.name,
  seed: settings.seed,
  documents: settings.documents,
  workers: settings.workers,
  goesOn: () => !stopped,
  done: (acknowledged) => void process.stdout.write(acknowledged ? "+" : "-"),
});
await store.close();
await storage.close();
await client?.close();
journal.close();
process.exit(0);
