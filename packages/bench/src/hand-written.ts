import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { randomFrom } from "@everdraft/testkit/random";
import { openBare } from "./bare.ts";
import { changeLine, liveOn, makeOrder, type Order } from "./documents.ts";
import { coldStore, documents, fillOrders, idOf, nextIds } from "./get.ts";
import { type HandWritten, handWritten } from "./hand-written-table.ts";
import { interleave } from "./harness.ts";
import { events, writeHistory } from "./history.ts";
import { type Meant, printHeading, printRatio } from "./report.ts";
import { inFolder, type Opened, onStore, sizeName } from "./scratch.ts";

/** Everdraft and the table, each on a file of its own. */
interface Both extends Opened<Order> {
  readonly byHand: HandWritten<Order>;
  readonly bytes: number;
}

const atMost = (value: number, clock: "cpu" | "wall" = "cpu"): Meant => ({
  aim: { at: "most", value },
  clock,
});

/** Everdraft against a table of JSON patches as somebody writes it by hand, with the same engine. */
export async function compareHandWritten(): Promise<void> {
  printHeading(
    "Against a table of JSON patches written by hand on the same engine: a state every 50 events, no checks",
  );
  for (const bytes of [1_000, 20_000]) {
    await inFolder((folder) =>
      onStore(join(folder, "everdraft.db"), async (opened) => {
        const engine = openBare(join(folder, "by-hand.db"));
        try {
          const both: Both = { ...opened, byHand: handWritten<Order>(engine), bytes };
          await compareStateAt(both);
          await compareEdit(both);
          await compareGet(both);
        } finally {
          engine.close();
        }
      }),
    );
  }
}

async function compareStateAt({ store, byHand, bytes }: Both): Promise<void> {
  const id = await writeHistory(store, bytes);
  const random = randomFrom(bytes);
  byHand.create(id, makeOrder(bytes, 1));
  for (let turn = 1; turn < events; turn++) byHand.edit(id, (draft) => liveOn(draft, random, turn));
  for (const version of [1, 77, events]) {
    deepEqual(byHand.stateAt(id, version), await store.stateAt(id, { version }));
  }
  const [forOurs, forTheirs] = [randomFrom(1), randomFrom(1)];
  const { ours, theirs } = await interleave({
    ours: () => store.stateAt(id, { version: 1 + Math.floor(forOurs() * events) }),
    theirs: () => byHand.stateAt(id, 1 + Math.floor(forTheirs() * events)),
  });
  printRatio(
    `stateAt, ${sizeName(bytes)}, against the table`,
    ours,
    theirs,
    atMost(bytes === 1_000 ? 2.5 : 1.5),
  );
}

async function compareEdit({ store, byHand, bytes }: Both): Promise<void> {
  const id = "edited";
  await store.create(id, "alice", makeOrder(bytes, 2));
  byHand.create(id, makeOrder(bytes, 2));
  const { ours, theirs } = await interleave({
    ours: (turn) => store.edit(id, "bob", (draft) => changeLine(draft, turn)),
    theirs: (turn) => byHand.edit(id, (draft) => changeLine(draft, turn)),
  });
  printRatio(`edit, ${sizeName(bytes)}, against the table`, ours, theirs, atMost(1.3, "wall"));
}

async function compareGet({ store, storage, byHand, bytes }: Both): Promise<void> {
  await fillOrders(store, bytes);
  for (let i = 0; i < documents; i++) byHand.create(idOf(i), makeOrder(bytes, i));
  const cold = coldStore(storage);
  const next = { cold: nextIds(), cached: nextIds(), byHand: nextIds() };
  const timings = await interleave({
    cold: () => cold.get(next.cold()),
    cached: () => store.get(next.cached()),
    byHand: () => byHand.get(next.byHand()),
  });
  const get = `get, ${sizeName(bytes)}`;
  printRatio(
    `${get}, cold, against the table`,
    timings.cold,
    timings.byHand,
    atMost(bytes === 1_000 ? 2 : 1.2),
  );
  printRatio(`${get}, from the cache, against the table`, timings.cached, timings.byHand, atMost(1));
  await cold.close();
}
