import {
  type Call,
  type Capabilities,
  type EventLog,
  type RowStore,
  type SnapshotStore,
  type Storage,
  type StoredCollection,
  TimeoutError,
  type ViewStore,
} from "@everdraft/core/adapter";

/** The parts of a collection that a wrapper replaces; the parts that it leaves out go to the storage beneath. */
export interface Replaced {
  readonly log?: Partial<EventLog>;
  readonly views?: Partial<ViewStore>;
  readonly snapshots?: Partial<SnapshotStore>;
  /** Of the rows of every projection. */
  readonly rows?: Partial<RowStore>;
}

/** A storage over another one, with some calls (and capabilities) replaced. Closing it closes nothing. */
export function wrapStorage(
  storage: Storage<string>,
  replace: (beneath: StoredCollection) => Replaced,
  capabilities: Partial<Capabilities> = {},
): Storage<string> {
  return {
    name: storage.name,
    capabilities: { ...storage.capabilities, ...capabilities },
    ...(storage.clockOffset !== undefined && { clockOffset: (call) => storage.clockOffset?.(call) ?? zero }),
    ...(storage.outages !== undefined && { outages: () => storage.outages?.() ?? 0 }),
    async open(collection, call) {
      const beneath = await storage.open(collection, call);
      const { log, views, snapshots, rows } = replace(beneath);
      return {
        log: { ...logOver(beneath.log), ...log },
        views: {
          ...viewsOver(beneath.views),
          ...(views?.write === undefined && together(beneath.views)),
          ...views,
        },
        snapshots: { ...snapshotsOver(beneath.snapshots), ...snapshots },
        checkpoints: beneath.checkpoints,
        rows: async (...given) => {
          const found = await beneath.rows(...given);
          return { ...rowsOver(found), ...(rows?.find === undefined && oneByOne(found)), ...rows };
        },
        dropRows: (...given) => beneath.dropRows(...given),
        facts: (...given) => beneath.facts(...given),
      };
    },
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const zero = Promise.resolve(0);
const none = Promise.resolve([]);

// adapters may be classes, whose methods a spread would lose
function logOver(log: EventLog): EventLog {
  return {
    commit: (appends, order, call) => log.commit(appends, order, call),
    read: (doc, range, call) => log.read(doc, range, call),
    head: (doc, known, call) => log.head(doc, known, call),
    byId: (doc, eventId, call) => log.byId(doc, eventId, call),
    documents: (page, call) => log.documents(page, call),
    changes: (query, call) => log.changes(query, call),
    ...(log.positions !== undefined && { positions: log.positions }),
  };
}

function viewsOver(views: ViewStore): ViewStore {
  return {
    get: (ids, call) => views.get(ids, call),
    write: (view, over, call) => views.write(view, over, call),
    find: (query, call) => views.find(query, call),
    count: (filter, call, schema) => views.count(filter, call, schema),
  };
}

// a wrapper that replaces single writes must see all writes, so writeMany is left out then
function together(views: ViewStore): Pick<ViewStore, "writeMany"> {
  return views.writeMany === undefined
    ? {}
    : { writeMany: (...given) => views.writeMany?.(...given) ?? none };
}

function snapshotsOver(snapshots: SnapshotStore): SnapshotStore {
  return {
    around: (doc, moment, call) => snapshots.around(doc, moment, call),
    put: (snapshot, call) => snapshots.put(snapshot, call),
    drop: (doc, version, call) => snapshots.drop(doc, version, call),
  };
}

function rowsOver(rows: RowStore): RowStore {
  return {
    get: (docs, call) => rows.get(docs, call),
    write: (set, over, call) => rows.write(set, over, call),
    find: (query, call) => rows.find(query, call),
    count: (filter, call) => rows.count(filter, call),
    documents: (page, call) => rows.documents(page, call),
  };
}

// a wrapper that replaces find must see all finds, so byId is left out then
function oneByOne(rows: RowStore): Pick<RowStore, "byId"> {
  return rows.byId === undefined ? {} : { byId: (...given) => rows.byId?.(...given) ?? none };
}

/** A read that is never answered: given up as an adapter does, when its time is up or its signal aborts. */
export function unanswered({ timeoutMs, signal }: Call): Promise<never> {
  return new Promise((_, reject) => {
    const error = new TimeoutError({ id: undefined, timeoutMs });
    const timer = setTimeout(() => reject(error), timeoutMs);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
