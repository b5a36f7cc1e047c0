import { AsyncResource } from "node:async_hooks";
import { createClock } from "../context/clock.ts";
import { createOpening } from "../context/opening.ts";
import type { StoreOptions } from "../context/options.ts";
import type { Resources } from "../context/resources.ts";
import { createStateCache } from "../context/state-cache.ts";
import type { Wait } from "../context/wait.ts";
import { createSchema } from "../fold/migrate.ts";
import { createIds } from "../model/event-id.ts";
import { plainOrder } from "../model/sort-order.ts";
import type { Call } from "../port/call.ts";
import type { StoredCollection } from "../port/storage.ts";
import { valueTypes } from "../value/value-type.ts";

const defaultCacheBytes = 64 * 1024 * 1024;

/** Makes the resources that the parts of a store share. `open` opens its collection, when the first call asks for it. */
export function makeResources(
  options: StoreOptions<never, never>,
  wait: Wait,
  open: (call: Call) => Promise<StoredCollection>,
): Resources {
  const { storage, collection, limits, onNotice } = options;
  const { capabilities } = storage;
  const types = valueTypes(capabilities.valueTypes);
  const home = new AsyncResource("everdraft.store");
  const atHome: Resources["atHome"] = home.runInAsyncScope.bind(home);
  const { clock: own } = options;
  const clock = createClock(own && (() => atHome(own)), storage);
  const migrations = options.migrations === undefined ? {} : options.migrations;
  return {
    collection,
    types,
    kinds: capabilities.idKinds,
    order: { kinds: capabilities.idKinds, values: capabilities.valueOrder ?? plainOrder },
    rowsWithEvents: capabilities.rowsWithEvents === true,
    scans: capabilities.scans === true,
    ownViews: capabilities.scans === true || options.onlyWriter === true,
    schema: createSchema(options.schemaVersion ?? 1, migrations, types),
    limits: {
      eventBytes: Math.min(limits?.eventBytes ?? Number.POSITIVE_INFINITY, capabilities.eventBytes),
      stateBytes: Math.min(limits?.stateBytes ?? Number.POSITIVE_INFINITY, capabilities.stateBytes),
    },
    clock,
    wait,
    newEventId: createIds(clock.now),
    cache: createStateCache(options.cache?.maxBytes ?? defaultCacheBytes, types, storage),
    notice: (notice) => {
      // a listener's mistake decides nothing about a call, nor about the process where it is asynchronous
      void (async () => onNotice?.(notice))().catch(() => undefined);
    },
    opened: createOpening((call) => atHome(() => open(call))),
    atHome,
  };
}
