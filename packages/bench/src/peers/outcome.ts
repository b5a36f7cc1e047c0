import type { Driven } from "./drive.ts";

/** The calls of a peer, and the bytes of its history. */
export interface Outcome extends Driven {
  readonly name: string;
  readonly bytes: number;
  /** Why its past states are read by hand: it has no call that reads them. */
  readonly byHand?: string | undefined;
}

/** Whether it took every edit and gave every past state back. */
export function isWhole({ wrong, raised, refused }: Outcome): boolean {
  return wrong === 0 && raised === 0 && refused === 0;
}

/** The peer with the smallest history among those whose past states are all right; undefined where there is none. */
export function smallestWhole(peers: readonly Outcome[]): Outcome | undefined {
  return peers.filter(isWhole).sort((a, b) => a.bytes - b.bytes)[0];
}

/** The part of the past states that is right, in percent. */
export function percentRight({ right, wrong, raised }: Outcome): number {
  return (right * 100) / (right + wrong + raised);
}
