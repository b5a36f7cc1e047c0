import type {} from "vitest";

/** The MongoDB of a test run, as tests get it: `inject("mongo")`. */
export interface ProvidedMongo {
  readonly uri: string;
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
