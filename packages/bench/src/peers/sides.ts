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
  /** Finds the file of its program. */
  readonly program: () => Promise<string>;
  /** The argument of its program. */
  readonly argument: string;
  /** The collections or tables of its history. */
  readonly history: readonly string[];
  /** Why its past states are read by hand: it has no call that reads them. */
  readonly byHand?: string;
}

const here = (program: URL) => async (): Promise<string> => fileURLToPath(program);

// its packages are elsewhere, so it is told where to find `serve`
const fromNpm = (name: string): Pick<Side, "program" | "argument"> => ({
  program: () => installedPeer(name),
  argument: new URL("./serve.js", import.meta.url).href,
});

const everdraft = {
  name: "Everdraft",
  program: here(new URL("./everdraft-child.js", import.meta.url)),
  history: [`${collection}.events`, `${collection}.snapshots`],
};

/** Everdraft, the same without its cache, and its peers. */
export const sidesOnMongo: readonly Side[] = [
  { ...everdraft, argument: "onMongo" },
  { ...everdraft, name: "Everdraft without a cache", argument: "onMongoUncached" },
  {
    name: "ts-patch-mongoose",
    ...fromNpm("ts-patch-mongoose"),
    history: ["history"],
    byHand: "ts-patch-mongoose has no call that reads a past state",
  },
  {
    name: "mongoose-patch-history",
    ...fromNpm("mongoose-patch-history"),
    history: ["doc_patches"],
  },
  { name: "Emmett", ...fromNpm("emmett-mongodb"), history: ["emt:doc"] },
];

/** Everdraft and its peer. */
export const sidesOnSqlite: readonly Side[] = [
  { ...everdraft, argument: "onSqlite" },
  {
    name: "a table of JSON patches",
    program: here(new URL("./by-hand-child.js", import.meta.url)),
    argument: "",
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
    for (const [i, { name, program, argument }] of sides.entries())
      running.push(await startPeer({ name, program: await program(), argument }, places.of(i)));
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
