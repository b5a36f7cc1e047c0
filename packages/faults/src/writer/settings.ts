import type { Step } from "./steps.ts";

/** Where a run writes to. */
export type Target =
  | {
      readonly storage: "mongodb";
      /** The server's address, or that of the proxy before it. */
      readonly uri: string;
      readonly database: string;
      readonly retryWrites: boolean;
    }
  | { readonly storage: "sqlite"; readonly file: string };

/** The settings of a writer's process. */
export interface WriterSettings {
  readonly name: string;
  readonly seed: number;
  readonly target: Target;
  readonly collection: string;
  readonly documents: readonly string[];
  readonly workers: number;
  readonly timeoutMs: number;
  /** How far its clock is off, in milliseconds. */
  readonly clockOffset: number;
  /** Its journal's file. */
  readonly journal: string;
  /** At which step it ends itself, the how manieth time. */
  readonly end?: { readonly step: Step; readonly times: number };
}
