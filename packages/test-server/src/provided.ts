import type {} from "vitest";
import type { Abilities } from "./abilities.ts";

/** The MongoDB of a test run, as the set-up hands it on. */
export interface ProvidedMongo {
  /** Where it is: one server for each worker, or one for all. */
  readonly uris: readonly string[];
  /** Which one it is, for people. */
  readonly what: string;
  /** Whether it goes on after the run, so that tests have to clean up. */
  readonly stays: boolean;
  /** Its abilities that some tests need. */
  readonly abilities: Abilities;
  /** The server that files start which end theirs, or make it fail: the same, unless somebody else runs that one. */
  readonly own: { readonly what: string; readonly abilities: Abilities };
}

declare module "vitest" {
  interface ProvidedContext {
    mongo: ProvidedMongo;
  }
}
