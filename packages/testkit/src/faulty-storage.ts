import {
  type Append,
  type Call,
  type EventLog,
  type Outcome,
  type RowStore,
  type Storage,
  StorageError,
  type StoredCollection,
  type ViewStore,
} from "@everdraft/core/adapter";
import type { CommitFault, FaultPlan, ReadFault, ViewFault } from "./faults/fault-plan.ts";
import { type LateLandings, lateLandings } from "./faults/late-landings.ts";

/** How often each fault struck, `pass` included. */
export interface Struck {
  /** Of commits. */
  readonly commit: Readonly<Record<CommitFault, number>>;
  /** Of view writes. */
  readonly view: Readonly<Record<ViewFault, number>>;
  /** Of all other calls. */
  readonly read: Readonly<Record<ReadFault, number>>;
}

/** A storage whose calls go wrong by a plan. */
export interface FaultyStorage<in Id> extends Storage<Id> {
  /** How often each fault struck so far. */
  readonly struck: Struck;
  /** How many writes are under way that were reported lost and will land. */
  readonly late: () => number;
  /** Lets all of them land now, in the order in which they were sent. */
  landAll(): Promise<void>;
}

/**
 * Wraps any storage so that its calls go wrong as a network and its servers can make them go wrong, and never worse: the storage
 * itself stores, with its own guards. A write that is still late when the storage is closed never lands. Errors are StorageError,
 * as a driver's are.
 */
export function faulty<Id = string>(storage: Storage<Id>, plan: FaultPlan = {}): FaultyStorage<Id> {
  const struck = {
    commit: {
      pass: 0,
      "lose-request": 0,
      "lose-reply": 0,
      "land-late": 0,
      "view-behind": 0,
      "answer-again": 0,
    },
    view: { pass: 0, "lose-request": 0, "lose-reply": 0, "land-late": 0, behind: 0 },
    read: { pass: 0, fail: 0 },
  };
  const late = lateLandings(plan.landAfter);
  const calls = { commit: 0, view: 0, read: 0 };
  const fates: Fates = {
    late,
    doubt: plan.doubt ?? "reject",
    commit: () => strike(struck.commit, plan.commit?.(++calls.commit) ?? "pass"),
    view: () => strike(struck.view, plan.view?.(++calls.view) ?? "pass"),
    read: () => strike(struck.read, plan.read?.(++calls.read) ?? "pass"),
  };
  const close = (): Promise<void> => {
    late.dropAll();
    return storage.close();
  };
  return {
    name: `faulty ${storage.name}`,
    capabilities: storage.capabilities,
    struck,
    late: late.count,
    landAll: late.landAll,
    open: async (collection, call) => faultyCollection(await storage.open(collection, call), fates),
    ...(storage.collections !== undefined && { collections: storage.collections.bind(storage) }),
    ...(storage.clockOffset !== undefined && { clockOffset: storage.clockOffset.bind(storage) }),
    ...(storage.outages !== undefined && { outages: storage.outages.bind(storage) }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Fates {
  readonly late: LateLandings;
  readonly doubt: "reject" | "unknown";
  commit(): CommitFault;
  view(): ViewFault;
  read(): ReadFault;
}

function strike<F extends string>(counts: Record<F, number>, fault: F): F {
  counts[fault]++;
  return fault;
}

function lost(what: string): StorageError {
  return new StorageError({
    operation: what,
    reason: "it was lost on the way, as the test's plan of faults says",
    remedy: "Whether it was carried out is not known.",
  });
}

function faultyCollection(inner: StoredCollection, fates: Fates): StoredCollection {
  const read = async <T>(operation: string, run: () => Promise<T>): Promise<T> => {
    const landing = fates.late.tick();
    if (landing !== undefined) await landing;
    if (fates.read() === "fail") throw lost(operation);
    return run();
  };
  const { log, views, snapshots, checkpoints } = inner;
  const { positions } = log;
  return {
    log: {
      commit: (appends, order, call) => commit(log, fates, appends, order, call),
      read: (...args) => read("read of events", () => log.read(...args)),
      head: (...args) => read("read of a head", () => log.head(...args)),
      byId: (...args) => read("read of an event", () => log.byId(...args)),
      documents: (...args) => read("read of ids", () => log.documents(...args)),
      changes: (...args) => read("read of changes", () => log.changes(...args)),
      ...(positions !== undefined && {
        positions: {
          newest: (...args) => read("read of the order", () => positions.newest(...args)),
          behind: (...args) => read("read of the order", () => positions.behind(...args)),
        },
      }),
    },
    views: {
      get: (...args) => read("read of views", () => views.get(...args)),
      write: (...args) => writeView(views, fates, args),
      find: (...args) => read("find", () => views.find(...args)),
      count: (...args) => read("count", () => views.count(...args)),
    },
    snapshots: {
      around: (...args) => read("read of snapshots", () => snapshots.around(...args)),
      put: (...args) => read("write of a snapshot", () => snapshots.put(...args)),
      drop: (...args) => read("removal of a snapshot", () => snapshots.drop(...args)),
    },
    checkpoints: {
      get: (...args) => read("read of a checkpoint", () => checkpoints.get(...args)),
      put: (...args) => read("write of a checkpoint", () => checkpoints.put(...args)),
      swap: (...args) => read("write of a checkpoint", () => checkpoints.swap(...args)),
      list: (...args) => read("list of checkpoints", () => checkpoints.list(...args)),
      remove: (...args) => read("removal of a checkpoint", () => checkpoints.remove(...args)),
    },
    rows: async (...args) => faultyRows(await inner.rows(...args), read),
    dropRows: (...args) => inner.dropRows(...args),
    facts: (...args) => inner.facts(...args),
  };
}

function faultyRows(
  rows: RowStore,
  read: <T>(operation: string, run: () => Promise<T>) => Promise<T>,
): RowStore {
  return {
    get: (...args) => read("read of rows", () => rows.get(...args)),
    write: (...args) => read("write of rows", () => rows.write(...args)),
    find: (...args) => read("find of rows", () => rows.find(...args)),
    count: (...args) => read("count of rows", () => rows.count(...args)),
    documents: (...args) => read("read of ids", () => rows.documents(...args)),
  };
}

async function commit(
  log: EventLog,
  fates: Fates,
  appends: readonly Append[],
  order: "independent" | "chain",
  call: Call,
): Promise<readonly Outcome[]> {
  const landing = fates.late.tick();
  if (landing !== undefined) await landing;
  const send = (): Promise<readonly Outcome[]> => log.commit(appends, order, call);
  const inDoubt = (): Outcome[] => {
    const cause = lost("commit");
    if (fates.doubt === "reject") throw cause;
    return appends.map(() => ({ event: "unknown", cause }));
  };
  switch (fates.commit()) {
    case "lose-request":
      return inDoubt();
    case "lose-reply":
      await send();
      return inDoubt();
    case "land-late":
      fates.late.add(send);
      return inDoubt();
    case "answer-again":
      await send();
      return send();
    case "view-behind": {
      const outcomes = await log.commit(withoutViews(appends), order, call);
      return outcomes.map((outcome, i) => {
        return outcome.event === "stored" && appends[i]?.view !== undefined
          ? { ...outcome, view: "behind" }
          : outcome;
      });
    }
    case "pass":
      return send();
  }
}

function withoutViews(appends: readonly Append[]): Append[] {
  return appends.map(({ event }) => ({ event }));
}

async function writeView(views: ViewStore, fates: Fates, args: Parameters<ViewStore["write"]>) {
  const landing = fates.late.tick();
  if (landing !== undefined) await landing;
  const send = () => views.write(...args);
  switch (fates.view()) {
    case "behind":
      return "behind" as const;
    case "lose-request":
      throw lost("view write");
    case "lose-reply":
      await send();
      throw lost("view write");
    case "land-late":
      fates.late.add(send);
      throw lost("view write");
    case "pass":
      return send();
  }
}
