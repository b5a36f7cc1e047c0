import type {} from "vitest";

/** The MongoDB of a test run, as the set-up hands it on. */
export interface ProvidedMongo {
  /** Where it is: one server for each worker, or one for all. */
  readonly uris: readonly string[];
  /** Which one it is, for people. */
  readonly what: string;
  /** Whether it goes on after the run, so that tests take away what they left. */
  readonly stays: boolean;
}

declare module "vitest" {
  interface ProvidedContext {
    mongo: ProvidedMongo;
  }
}
