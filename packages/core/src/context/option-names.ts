import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import type { BlameOptions } from "./blamed.ts";
import type {
  CallOptions,
  GetOptions,
  PlanUndoOptions,
  StoreOptions,
  UndoOptions,
  WriteOptions,
} from "./options.ts";
import type {
  ActivityQuery,
  ChangesQuery,
  CountOptions,
  FindDeletedOptions,
  FindOptions,
  FindRowsOptions,
  HistoryQuery,
} from "./queries.ts";
import type { ImportOptions } from "./revision.ts";

const anyCall: OptionNames<CallOptions> = { signal: true, timeoutMs: true };
const write: OptionNames<WriteOptions> = {
  ...anyCall,
  reason: true,
  meta: true,
  key: true,
  expectedVersion: true,
  retries: true,
  acceptFutureHead: true,
};
const undone: OptionNames<Omit<PlanUndoOptions, keyof CallOptions>> = { paths: true, onConflict: true };
const get: OptionNames<GetOptions> = { ...anyCall, atLeast: true };
const count: OptionNames<CountOptions> = { ...anyCall, onNewer: true };
const find: OptionNames<FindOptions<object>> = {
  ...count,
  sort: true,
  limit: true,
  select: true,
};
const findDeleted: OptionNames<FindDeletedOptions<object>> = { ...find, deleted: true };
const findRows: OptionNames<FindRowsOptions> = { ...anyCall, sort: true, limit: true };
const events: OptionNames<Omit<ChangesQuery, keyof CallOptions | "act" | "reason" | "meta">> = {
  from: true,
  to: true,
  by: true,
  type: true,
  path: true,
  blanks: true,
  order: true,
  limit: true,
};
const changes: OptionNames<ChangesQuery> = { ...anyCall, ...events, act: true, reason: true, meta: true };
const history: OptionNames<HistoryQuery> = {
  ...anyCall,
  ...events,
  after: true,
  before: true,
  at: true,
  changes: true,
};
const activity: OptionNames<ActivityQuery> = {
  ...anyCall,
  bucket: true,
  timeZone: true,
  id: true,
  by: true,
  from: true,
  to: true,
};
const page: OptionNames<OptionsOfCalls["page"]> = { limit: true, cursor: true };
const importing: OptionNames<ImportOptions> = {
  name: true,
  signal: true,
  onProgress: true,
  onRefused: true,
  onRefusal: true,
};
const resolve: OptionNames<OptionsOfCalls["resolve"]> = { ...anyCall, settle: true };
const createStore: OptionNames<StoreOptions> = {
  collection: true,
  storage: true,
  schemaVersion: true,
  migrations: true,
  clock: true,
  cache: true,
  onlyWriter: true,
  projections: true,
  indexes: true,
  logIndexes: true,
  sweep: true,
  limits: true,
  onNotice: true,
};

/** The options of each call of a store, and of `createStore`, which makes it. */
interface OptionsOfCalls {
  createStore: StoreOptions;
  ready: object;
  as: { meta?: object };
  create: WriteOptions;
  edit: WriteOptions;
  replace: WriteOptions;
  delete: WriteOptions;
  restore: WriteOptions;
  revert: WriteOptions;
  planRevert: CallOptions;
  undo: UndoOptions;
  redo: UndoOptions;
  planUndo: PlanUndoOptions;
  get: GetOptions;
  getMany: CallOptions;
  exists: CallOptions;
  read: CallOptions;
  stateAt: CallOptions;
  diff: CallOptions;
  blame: BlameOptions;
  history: HistoryQuery;
  changes: ChangesQuery;
  activity: ActivityQuery;
  find: FindDeletedOptions<object>;
  count: CountOptions;
  explain: FindOptions<object>;
  "asOf().get": CallOptions;
  "asOf().getMany": CallOptions;
  "asOf().find": FindOptions<object>;
  "asOf().count": CountOptions;
  "rows().find": FindRowsOptions;
  "rows().count": CallOptions;
  "rows().of": CallOptions;
  import: ImportOptions;
  page: { limit: number; cursor?: string };
  resolve: CallOptions & { settle?: unknown };
  verify: CallOptions;
  repair: CallOptions;
  sweep: CallOptions;
}

/** A call of a store, or the one that makes it. */
export type CallName = keyof OptionsOfCalls;

// a new option is one word in its interface and one here
const names: { readonly [Call in CallName]: OptionNames<OptionsOfCalls[Call]> } = {
  createStore,
  ready: {},
  as: { meta: true },
  create: write,
  edit: write,
  replace: write,
  delete: write,
  restore: write,
  revert: write,
  planRevert: anyCall,
  undo: { ...write, ...undone },
  redo: { ...write, ...undone },
  planUndo: { ...anyCall, ...undone },
  get,
  getMany: anyCall,
  exists: anyCall,
  read: anyCall,
  stateAt: anyCall,
  diff: anyCall,
  blame: { ...anyCall, path: true, ignore: true },
  history,
  changes,
  activity,
  find: findDeleted,
  count,
  explain: find,
  "asOf().get": anyCall,
  "asOf().getMany": anyCall,
  "asOf().find": find,
  "asOf().count": count,
  "rows().find": findRows,
  "rows().count": anyCall,
  "rows().of": anyCall,
  page,
  import: importing,
  resolve,
  verify: anyCall,
  repair: anyCall,
  sweep: anyCall,
};

/** Throws OptionsError for an option that a call does not have. */
export function refuseUnknownOf(callName: CallName, options: unknown): void {
  refuseUnknownOptions(options, names[callName], callName);
}

const cache: OptionNames<NonNullable<StoreOptions["cache"]>> = { maxBytes: true };
const limits: OptionNames<NonNullable<StoreOptions["limits"]>> = { eventBytes: true, stateBytes: true };

/** Throws OptionsError for an option of `createStore`, or of one of its options, that there is not. */
export function refuseUnknownOfStore(options: StoreOptions<never, never>): void {
  refuseUnknownOf("createStore", options);
  refuseUnknownOptions(options.cache, cache, "cache");
  refuseUnknownOptions(options.limits, limits, "limits");
}
