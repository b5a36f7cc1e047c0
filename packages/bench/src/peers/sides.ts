import { fileURLToPath } from "node:url";
import { collection } from "../scratch.ts";
import { drive } from "./drive.ts";
import { installedPeer } from "./install.ts";
import type { Outcome } from "./outcome.ts";
import type { Place } from "./peer.ts";
import { type RunningPeer, startPeer } from "./running-peer.ts";
import type { History } from "./sample.ts";

/** One side of a comparison: Everdraft, or a peer. */
export interface Side {
  readonly name: string;
  /** Finds the file of its module. */
  readonly module: () => Promise<string>;
  /** The function of the module that opens it. Default `open`. */
  readonly open?: string;
  /** The collections or tables of its history. */
  readonly history: readonly string[];
  /** Why its past states are read by hand: it has no call that reads them. */
  readonly byHand?: string;
}

const here = (module: URL) => async (): Promise<string> => fileURLToPath(module);
const fromNpm = (name: string) => (): Promise<string> => installedPeer(name);

const everdraft = {
  name: "Everdraft",
  module: here(new URL("./everdraft.js", import.meta.url)),
  history: [`${collection}.events`, `${collection}.snapshots`],
};

/** Everdraft, the same without its cache, and its peers. */
export const sidesOnMongo: readonly Side[] = [
  { ...everdraft, open: "onMongo" },
  { ...everdraft, name: "Everdraft without a cache", open: "onMongoUncached" },
  {
    name: "ts-patch-mongoose",
    module: fromNpm("ts-patch-mongoose"),
    history: ["history"],
    byHand: "ts-patch-mongoose has no call that reads a past state",
  },
  {
    name: "mongoose-patch-history",
    module: fromNpm("mongoose-patch-history"),
    history: ["doc_patches"],
  },
  { name: "Emmett", module: fromNpm("emmett-mongodb"), history: ["emt:doc"] },
];

/** Everdraft and its peer. */
export const sidesOnSqlite: readonly Side[] = [
  { ...everdraft, open: "onSqlite" },
  {
    name: "a table of JSON patches",
    module: here(new URL("./by-hand.js", import.meta.url)),
    history: ["events"],
  },
];

/** Where the sides keep their documents: one place for each. */
export interface Places {
  readonly of: (side: number) => Place;
  /** The bytes of these collections or tables, once the side is closed. */
  readonly bytes: (side: number, history: readonly string[]) => Promise<number>;
}

/** Drives all sides through the same histories. */
export async function outcomesOf(
  sides: readonly Side[],
  sample: readonly History[],
  places: Places,
): Promise<readonly Outcome[]> {
  const running: RunningPeer[] = [];
  try {
    for (const [i, { name, module, open = "open" }] of sides.entries())
      running.push(await startPeer({ name, module: await module(), open }, places.of(i)));
    const driven = await drive(running, sample);
    for (const peer of running) await peer.close();
    const outcomes: Outcome[] = [];
    for (const [i, each] of driven.entries()) {
      const { name, history, byHand } = sides[i] as Side;
      outcomes.push({ ...each, name, byHand, bytes: await places.bytes(i, history) });
    }
    return outcomes;
  } finally {
    for (const peer of running) peer.kill();
  }
}
