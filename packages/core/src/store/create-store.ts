import { checkReasonAndMeta, optionsError } from "../context/check-options.ts";
import { refuseUnknownOf } from "../context/option-names.ts";
import type { StoreOptions } from "../context/options.ts";
import { checkUser } from "../model/document-id.ts";
import { createAdministration } from "./administration.ts";
import { createAsOf } from "./as-of.ts";
import { createCallStart } from "./begin-call.ts";
import { inNameOf } from "./in-name-of.ts";
import type { InnerStore } from "./inner-store.ts";
import { createListing } from "./listing.ts";
import { createParts } from "./parts.ts";
import { keepParts } from "./parts-of.ts";
import { createPast } from "./past.ts";
import { createReading } from "./reading.ts";
import type { Store } from "./store.ts";
import { createWriting } from "./writing.ts";

/**
 * Makes a store: the documents of one collection with their whole history. Nothing is opened before the first
 * call; `ready()` does it at once.
 *
 * @typeParam T a document's state: an interface or type alias of plain values
 * @typeParam Id the ids of documents; the storage must take them
 * @throws OptionsError for an option of the wrong form
 * @example
 * const orders = createStore<Order>({ collection: "orders", storage: memoryStorage() });
 * await orders.create("o-1", "alice", { customer: "c-7", status: "open", lines: [] });
 */
export function createStore<T extends object, Id = string>(options: StoreOptions<T, Id>): Store<T, Id> {
  // the one place where the caller's types and the library's own meet
  return buildStore(options as unknown as StoreOptions<never, never>) as unknown as Store<T, Id>;
}

function buildStore(options: StoreOptions<never, never>): InnerStore {
  const parts = createParts(options);
  const start = createCallStart(parts);
  const store: InnerStore = {
    ready: async () => {
      await parts.resources.opened(start.over("ready", undefined));
      await parts.resources.clock.refresh();
    },
    as: (user, options = {}) => {
      const { kinds, types } = parts.resources;
      if (typeof options !== "object" || options === null) throw optionsError("options", "it is an object");
      refuseUnknownOf("as", options);
      return inNameOf(store, checkUser(user, kinds), checkReasonAndMeta(undefined, options.meta, types));
    },
    ...createWriting(parts),
    ...createReading(parts, start),
    ...createPast(parts, start),
    ...createListing(parts, start),
    asOf: createAsOf(parts, start),
    ...createAdministration(parts, start),
    close: parts.close,
    [Symbol.asyncDispose]: parts.close,
  };
  keepParts(store, parts);
  return store;
}
