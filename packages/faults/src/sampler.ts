import { setTimeout as delay } from "node:timers/promises";
import { createStore } from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import type { Random } from "@everdraft/testkit/random";
import { type Journal, now } from "./history.ts";
import { between } from "./random.ts";
import type { Log } from "./writer/schedule.ts";

const call = { timeoutMs: 2_000 };

/** Looks at views, logs and past states while the writers write, and writes down each observation. */
export async function sample(
  storage: Storage<string>,
  documents: readonly string[],
  journal: Journal,
  random: Random,
  goesOn: () => boolean,
): Promise<void> {
  const store = createStore<Log>({ collection: "logs", storage });
  const dates: number[] = [Date.now()];
  while (goesOn()) {
    const doc = documents[between(random, 0, documents.length - 1)] as string;
    try {
      const { log, views } = await storage.open("logs", call);
      const [view] = await views.get([doc], call);
      const seen =
        view?.state === undefined ? {} : { version: view.version, head: view.hash, state: view.state };
      journal.write({ what: "view", doc, at: now(), ...seen });
      if (random() < 0.1) {
        const events = await log.read(doc, { from: 1, to: 1_000_000, limit: 200 }, call);
        journal.write({ what: "log", doc, at: now(), hashes: events.map(({ hash }) => hash) });
      }
      if (random() < 0.2) {
        const date = dates[between(random, 0, dates.length - 1)] as number;
        const past = await store.read(doc, new Date(date), call);
        const { version, sealed = false, state } = past ?? {};
        journal.write({ what: "past", doc, at: now(), date, version, sealed, state });
        dates.push(Date.now());
      }
    } catch {
      // under a fault a look may fail; only its observations count
    }
    await delay(between(random, 10, 60));
  }
  await store.close();
}
