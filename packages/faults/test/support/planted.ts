import { ConflictError } from "@everdraft/core";
import {
  type Append,
  digestOfView,
  type EventLog,
  type Outcome,
  type Storage,
  type StoredCollection,
  type StoredEvent,
  type View,
  type ViewStore,
  valueTypes,
} from "@everdraft/core/adapter";
import { eventHash } from "@everdraft/core/internals";

/** A storage whose collections are changed as they are opened. */
function changed(storage: Storage, change: (collection: StoredCollection) => StoredCollection): Storage {
  const opened = new Map<string, Promise<StoredCollection>>();
  return {
    ...storage,
    open: (name, call) => {
      const found = opened.get(name) ?? storage.open(name, call).then(change);
      opened.set(name, found);
      return found;
    },
  };
}

const withCommit =
  (commit: (log: EventLog, views: ViewStore) => EventLog["commit"]) =>
  (storage: Storage): Storage =>
    changed(storage, (collection) => ({
      ...collection,
      log: { ...collection.log, commit: commit(collection.log, collection.views) },
    }));

/** Planted: no unique index. A slot takes as many events as are sent to it. */
export function withoutUniqueIndex(storage: Storage): Storage {
  return changed(storage, ({ views, ...rest }) => ({ ...rest, views, log: unguardedLog(rest.log, views) }));
}

function unguardedLog(log: EventLog, views: ViewStore): EventLog {
  const kept = new Map<unknown, StoredEvent[]>();
  const of = (doc: unknown): StoredEvent[] => kept.get(doc) ?? [];
  return {
    ...log,
    commit: async (appends, _, call) => {
      const outcomes: Outcome[] = [];
      for (const { event, view } of appends) {
        kept.set(
          event.doc,
          [...of(event.doc), event].sort((a, b) => a.version - b.version),
        );
        outcomes.push({ event: "stored", ...(view && { view: await views.write(view, "lower", call) }) });
      }
      return outcomes;
    },
    read: async (doc, { from, to, limit }) =>
      of(doc)
        .filter(({ version }) => version >= from && version <= to)
        .slice(0, limit),
    head: async (doc) => of(doc).at(-1),
    byId: async (doc, id) => of(doc).find((event) => event.id === id),
    documents: async ({ after }) =>
      [...kept.keys()]
        .filter((doc) => after === undefined || String(doc) > String(after))
        .sort()
        .map(String),
  };
}

/** Planted: each try of an event has an id of its own, so that nobody knows it again. */
export function withNewIdPerTry(storage: Storage): Storage {
  let made = 0;
  const types = valueTypes([]);
  return withCommit((log) => async (appends, order, call) => {
    const tries = await Promise.all(
      appends.map(async ({ event, view }): Promise<Append> => {
        const [before] = await log
          .read(event.doc, { from: event.version - 1, to: event.version - 1, limit: 1 }, call)
          .catch(() => []);
        const previous = before?.hash ?? null;
        const { hash: _, ...unhashed } = {
          ...event,
          id: `${event.id.slice(0, -6)}${String(++made).padStart(6, "0")}`,
        };
        const hash = eventHash(unhashed, previous, types);
        return {
          event: { ...unhashed, hash },
          ...(view && { view: viewOfTry(view, hash, unhashed.id) }),
        };
      }),
    );
    return log.commit(tries, order, call);
  })(storage);
}

/** The view behind an event of another id. */
function viewOfTry(view: View, hash: string, id: string): View {
  const isBlank = view.changed < view.version;
  const { digest: _, ...facts } = { ...view, hash, eventId: isBlank ? view.eventId : id };
  return { ...facts, digest: digestOfView(facts, valueTypes([])) };
}

/** Planted: a view is written over whatever is there. */
export function withoutViewGuard(storage: Storage): Storage {
  return changed(storage, (collection) => {
    const write: ViewStore["write"] = (view, _, call) => collection.views.write(view, "any", call);
    const commit: EventLog["commit"] = async (appends, order, call) => {
      const outcomes = await collection.log.commit(
        appends.map(({ event }) => ({ event })),
        order,
        call,
      );
      return Promise.all(
        outcomes.map(async (outcome, i) => {
          const view: View | undefined = appends[i]?.view;
          if (outcome.event !== "stored" || view === undefined) return outcome;
          // as over a network: one view is on its way for longer than another
          for (let turns = (view.version * 7) % 40; turns > 0; turns--) await new Promise(setImmediate);
          await write(view, "lower", call);
          return { event: "stored", view: "current" } as const;
        }),
      );
    };
    return { ...collection, views: { ...collection.views, write }, log: { ...collection.log, commit } };
  });
}

/** Planted: a duplicate key counts as another's event, without a look at the slot. */
export const withDuplicateAsConflict: (storage: Storage) => Storage = withCommit(
  (log) => async (appends, order, call) => {
    const outcomes = await log.commit(appends, order, call);
    return outcomes.map((outcome, i): Outcome => {
      if (outcome.event !== "taken") return outcome;
      const { doc, version } = (appends[i] as Append).event;
      const details = { id: doc, expected: version - 1, found: version, by: "", foundBy: "" };
      return { event: "refused", error: new ConflictError(details) };
    });
  },
);

/** Planted: events are read in the order of their times, and of ids where those are equal. */
export function withTimeOrderedReads(storage: Storage): Storage {
  return changed(storage, (collection) => ({
    ...collection,
    log: {
      ...collection.log,
      read: async (doc, range, call) => [...(await collection.log.read(doc, range, call))].sort(byTime),
      head: async (doc, _, call) =>
        [...(await collection.log.read(doc, { from: 1, to: 1_000_000, limit: 1_000_000 }, call))]
          .sort(byTime)
          .at(-1),
    },
  }));
}

function byTime(a: StoredEvent, b: StoredEvent): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

/** Planted: an insert is acknowledged before it has returned; some never arrive. */
export const withEarlyAck: (storage: Storage) => Storage = withCommit((log) => {
  let sent = 0;
  return async (appends, order, call) => {
    if (++sent % 23 !== 0) return log.commit(appends, order, call);
    return appends.map((): Outcome => ({ event: "stored", view: "current" }));
  };
});
