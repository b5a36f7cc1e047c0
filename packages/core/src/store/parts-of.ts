import { OptionsError } from "../errors/options-error.ts";
import type { StoreParts } from "../write/store-parts.ts";

const known = new WeakMap<object, StoreParts>();

/** Remembers the parts of a store, for the work that goes over all its documents. */
export function keepParts(store: object, parts: StoreParts): void {
  known.set(store, parts);
}

/** The parts of a store. Throws OptionsError for anything that createStore did not give, ClosedError for a closed one. */
export function partsOf(store: unknown): StoreParts {
  const parts = typeof store === "object" && store !== null ? known.get(store) : undefined;
  if (parts === undefined) {
    throw new OptionsError({ option: "store", reason: "it is a store that createStore gave" });
  }
  parts.refuseClosed();
  return parts;
}
