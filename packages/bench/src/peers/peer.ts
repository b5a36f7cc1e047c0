import type { Act } from "../hand-written-table.ts";
import type { Took } from "../harness.ts";

/** A state of a real document. */
export type State = Record<string, unknown>;

/** Where a peer keeps its documents: a database of a MongoDB, or an SQLite file. */
export interface Place {
  readonly uri: string;
  readonly database: string;
  readonly file: string;
}

/** A library that keeps the history of documents. */
export interface Peer {
  create(id: string, state: State, act: Act): unknown;
  /** An edit by somebody who has the whole new state. */
  replace(id: string, state: State, act: Act): unknown;
  /** Work before past states are read that their readers would not do for each of them. */
  prepare?(): unknown;
  /** The state after so many writes of the document. */
  stateAt(id: string, version: number): unknown;
  close(): unknown;
}

/** Opens a peer. The program of each peer gives one to `serve`. */
export type OpenPeer = (place: Place) => Peer | Promise<Peer>;

/** A request to the process of a peer. It does them one after another. */
export type Request =
  | {
      readonly kind: "create" | "replace";
      readonly id: string;
      readonly state: State;
      readonly act: Act;
    }
  | { readonly kind: "prepare" }
  | { readonly kind: "stateAt"; readonly id: string; readonly version: number }
  | { readonly kind: "close" };

/** Its answer: the time of the call, and the state that was read; or its error. */
export type Answer =
  | { readonly kind: "done"; readonly took: Took; readonly state?: unknown }
  | { readonly kind: "failed"; readonly message: string };
