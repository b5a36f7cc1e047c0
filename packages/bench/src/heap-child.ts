import { argv, memoryUsage } from "node:process";
import { createStore, type Revision } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { randomFrom } from "@everdraft/testkit/random";
import { liveOn, makeOrder, type Order } from "./documents.ts";
import type { Mark } from "./heap.ts";

/*
 * The process that heap.ts starts with a small heap and measures: it imports generated histories into the
 * file that it is given and sends a Mark at each of the counts that it is given.
 */

const [file, ...counts] = argv.slice(2) as [string, ...string[]];
const marks = counts.map(Number);
const documents = 1_000;
const inTurn = 10;

const peak = { heap: 0, rss: 0 };

function look(): void {
  peak.heap = Math.max(peak.heap, memoryUsage().heapUsed);
  peak.rss = Math.max(peak.rss, memoryUsage.rss());
}

function tell(events: number): void {
  look();
  globalThis.gc?.();
  const mark: Mark = { events, live: memoryUsage().heapUsed, heap: peak.heap, rss: peak.rss };
  process.send?.(mark);
}

/**
 * Some revisions of each document in turn, round after round: all documents are known from the first round on, so all later
 * growth comes from the number of events.
 */
function* revisions(): Generator<Revision<Order>> {
  const random = randomFrom(1);
  const orders = Array.from({ length: documents }, (_, i) => makeOrder(1_000, i));
  for (let imported = 0; ; ) {
    const round = imported / documents;
    for (const [i, state] of orders.entries()) {
      for (let turn = round; turn < round + inTurn; turn++) {
        if (marks.includes(imported)) tell(imported);
        if (imported === marks.at(-1)) return;
        if (imported % 20 === 0) look();
        if (turn > 0) liveOn(state, random, turn);
        imported++;
        yield { id: `order-${i}`, at: new Date(turn), by: "alice", state };
      }
    }
  }
}

const storage = sqliteStorage(file);
const store = createStore<Order>({ collection: "orders", storage });
const { unchanged, conflicts } = await store.import(revisions());
await store.close();
await storage.close();
if (unchanged > 0 || conflicts.length > 0) throw new Error("not every revision made an event");
