import type { Append, Call, Storage, StoredCollection } from "@everdraft/core/adapter";

/** Places in the append protocol at which a writer can be ended. */
export const steps = [
  "before the event",
  "event sent",
  "event stored, view not",
  "view sent",
  "view stored, not acknowledged",
  "inside a batch",
  "inside an import",
  "snapshot sent",
] as const;

/** One of them. */
export type Step = (typeof steps)[number];

/** Hears of each step as it is reached. */
export type AtStep = (step: Step) => void;

/**
 * A storage that tells of the steps it takes. Between an event and its view nobody outside of an adapter can look; on
 * MongoDB the commands tell (`watchCommands`).
 */
export function withSteps(storage: Storage<string>, at: AtStep): Storage<string> {
  return {
    name: storage.name,
    capabilities: storage.capabilities,
    ...(storage.clockOffset !== undefined && { clockOffset: storage.clockOffset.bind(storage) }),
    open: async (collection, call) => watched(await storage.open(collection, call), at),
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
  };
}

function watched(collection: StoredCollection, at: AtStep): StoredCollection {
  const { log, snapshots } = collection;
  const commit = async (appends: readonly Append[], order: "independent" | "chain", call: Call) => {
    at("before the event");
    const committing = log.commit(appends, order, call);
    at("event sent");
    if (appends.length > 1) at(isImport(appends) ? "inside an import" : "inside a batch");
    const outcomes = await committing;
    at("view stored, not acknowledged");
    return outcomes;
  };
  return {
    ...collection,
    log: { ...log, commit },
    snapshots: {
      ...snapshots,
      put: (snapshot, call) => {
        const putting = snapshots.put(snapshot, call);
        at("snapshot sent");
        return putting;
      },
    },
  };
}

function isImport(appends: readonly Append[]): boolean {
  return appends[0]?.event.type === "imported";
}
