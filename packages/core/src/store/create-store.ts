import { checkId, checkUser, type DocumentId } from "../model/document-id.ts";
import { checkMoment } from "../model/moment.ts";
import type { PlainObject } from "../model/value.ts";
import { compareStates } from "../patch/changes.ts";
import { creating, deleting, editing, replacing, restoring, reverting } from "./acts.ts";
import { asyncList } from "./async-list.ts";
import { checkCallOptions, checkCount, optionsError } from "./check-options.ts";
import { documentEvent } from "./document-event.ts";
import { countDocuments, findDocuments } from "./find-documents.ts";
import { importRevisions } from "./import-revisions.ts";
import { type Limit, startLimit } from "./limit.ts";
import { checkOrder, listChanges, listHistory } from "./list-events.ts";
import type { CallOptions, StoreOptions, WriteOptions } from "./options.ts";
import { createParts } from "./parts.ts";
import { planRevert } from "./plan-revert.ts";
import type { ChangesQuery, HistoryQuery } from "./queries.ts";
import { readable, readDocument, readViews } from "./read-documents.ts";
import { repairView } from "./repair.ts";
import { replay } from "./replay.ts";
import { lookUp, settle } from "./resolve.ts";
import type { RevertPlan, Written } from "./results.ts";
import type { Store } from "./store.ts";
import { sweep } from "./sweep.ts";
import { verifyDocument } from "./verify.ts";
import { writeDocument, writtenOf } from "./write-document.ts";

/**
 * Makes a store: the documents of one collection with their whole history. Nothing is opened before the first call; `ready()` does it at once.
 *
 * @typeParam T a document's state: an interface or type alias of plain values
 * @typeParam Id the ids of documents; the storage must take them
 * @throws OptionsError for an option of the wrong form
 * @example
 * const orders = createStore<Order>({ collection: "orders", storage: memoryStorage() });
 * await orders.create("o-1", "alice", { customer: "c-7", status: "open", lines: [] });
 */
export function createStore<T extends object, Id = string>(options: StoreOptions<Id>): Store<T, Id> {
  // inside, states are plain objects and ids of any kind; what callers may pass is the concern of Store's types
  return buildStore(options as StoreOptions<never>) as unknown as Store<T, Id>;
}

type Write = Promise<Written<PlainObject, DocumentId>>;
type InnerStore = Omit<Store<PlainObject, DocumentId>, "revert"> & {
  revert(
    id: DocumentId,
    user: DocumentId,
    moment: unknown,
    options?: WriteOptions & { dryRun?: boolean },
  ): Promise<unknown>;
};

function buildStore(storeOptions: StoreOptions<never>): InnerStore {
  const parts = createParts(storeOptions);
  const { resources, views, queues, refuseClosed } = parts;
  const { kinds, types } = resources;

  /** Checks what every reading call has in common and starts its clock. */
  const begin = (
    options: CallOptions | undefined,
    id?: unknown,
  ): { readonly id: DocumentId; readonly limit: Limit } => {
    checkCallOptions(options);
    refuseClosed();
    const limit = startLimit(options, id);
    limit.call();
    return { id: id as DocumentId, limit };
  };
  const beginOn = (
    id: unknown,
    options: CallOptions | undefined,
  ): { readonly id: DocumentId; readonly limit: Limit } => begin(options, checkId(id, kinds));

  const revert = async (
    id: DocumentId,
    user: DocumentId,
    moment: unknown,
    options: WriteOptions & { dryRun?: boolean } = {},
  ): Promise<RevertPlan<DocumentId> | Written<PlainObject, DocumentId>> => {
    const to = checkMoment(moment);
    if (options.dryRun !== true) {
      return writeDocument(parts, id, user, options, (doc, limit) => reverting(resources, doc, to, limit));
    }
    const { id: doc, limit } = beginOn(id, options);
    checkUser(user, kinds);
    return planRevert(resources, doc, to, reverting(resources, doc, to, limit), limit);
  };

  const wantedOf = (query: HistoryQuery | ChangesQuery) => {
    checkCount(query.limit);
    checkOrder(query.order);
    const by = query.by === undefined ? undefined : checkUser(query.by, kinds);
    return { by, type: query.type, path: query.path };
  };

  const stateAt = async (
    id: DocumentId,
    moment: unknown,
    options?: CallOptions,
  ): Promise<PlainObject | undefined> => {
    const { id: doc, limit } = beginOn(id, options);
    const { folded, sealed } = await replay(resources, doc, checkMoment(moment), limit);
    return readable(resources, doc, folded, sealed)?.state;
  };

  const store: InnerStore = {
    ready: async () => {
      const { limit } = begin(undefined);
      await resources.opened(limit);
      await resources.clock.refresh();
    },

    create: async (id, user, state, options = {}): Write =>
      writeDocument(parts, id, user, options, (doc) => creating(resources, doc, state)),
    edit: async (id, user, recipe, options = {}): Write => {
      if (typeof recipe !== "function") throw optionsError("recipe", "it is a function that changes a draft");
      return writeDocument(parts, id, user, options, (doc) => editing(resources, doc, recipe as never));
    },
    replace: async (id, user, state, options = {}): Write =>
      writeDocument(parts, id, user, options, (doc) => replacing(resources, doc, state)),
    delete: async (id, user, options = {}) =>
      (await writeDocument(parts, id, user, options, deleting)) as unknown as Written<undefined, DocumentId>,
    restore: async (id, user, options = {}): Write =>
      writeDocument(parts, id, user, options, (doc, limit) => restoring(resources, doc, limit)),
    revert,

    get: async (id, options) => {
      const { id: doc, limit } = beginOn(id, options);
      return (await readViews(resources, views, [doc], limit))[0];
    },
    getMany: async (ids, options) => {
      if (!Array.isArray(ids)) throw optionsError("ids", "it is a list of ids");
      const docs = ids.map((id) => checkId(id, kinds));
      const { limit } = begin(options);
      return docs.length === 0 ? [] : readViews(resources, views, docs, limit);
    },
    exists: async (id, options) => (await store.get(id, options)) !== undefined,
    read: async (id, moment, options) => {
      const { id: doc, limit } = beginOn(id, options);
      return readDocument(
        resources,
        views,
        doc,
        moment === undefined ? undefined : checkMoment(moment),
        limit,
      );
    },
    stateAt,
    history: (id, query = {}) =>
      asyncList(async function* () {
        const { id: doc, limit } = beginOn(id, query);
        for await (const event of listHistory(resources, doc, query, wantedOf(query), limit)) {
          yield documentEvent<DocumentId>(event, types);
        }
      }),
    changes: (query = {}) =>
      asyncList(async function* () {
        const { limit } = begin(query);
        for await (const event of listChanges(resources, query, wantedOf(query), limit)) {
          yield documentEvent<DocumentId>(event, types);
        }
      }),
    diff: async (id, a, b, options) =>
      compareStates(...(await Promise.all([stateAt(id, a, options), stateAt(id, b, options)])), types),
    find: (filter = {}, options = {}) =>
      asyncList(async function* () {
        const { limit } = begin(options);
        checkCount(options.limit);
        const { sort, limit: count, after, select } = options;
        if (after !== undefined) checkId(after.id, kinds);
        yield* findDocuments(
          resources,
          views,
          { filter, sort: sort as never, limit: count, after, select },
          limit,
        );
      }),
    count: async (filter = {}, options) => {
      const { limit } = begin(options);
      return countDocuments(resources, views, filter, limit);
    },

    import: async (revisions, options = {}) => {
      refuseClosed();
      if (options.name !== undefined && options.name === "") throw optionsError("name", "it is not empty");
      return importRevisions(parts, revisions, options);
    },
    resolve: async (id, write, options) => {
      const { id: doc, limit } = beginOn(id, options);
      checkMoment({ version: write?.version });
      if (typeof write.eventId !== "string")
        throw optionsError("eventId", "it is the id that the IndeterminateError named");
      const found =
        options?.settle === undefined
          ? await lookUp(resources, doc, write, limit)
          : await settle(resources, queues, doc, checkUser(options.settle, kinds), write, limit);
      if (found === "open") return { outcome: "open" };
      return found === "taken"
        ? { outcome: "never" }
        : { outcome: "stored", result: writtenOf(resources, doc, found) };
    },
    verify: async (id, options) => {
      const { id: doc, limit } = beginOn(id, options);
      return verifyDocument(resources, doc, limit);
    },
    repair: async (id, options) => {
      const { id: doc, limit } = beginOn(id, options);
      return readable(resources, doc, await repairView(resources, doc, limit), false);
    },
    sweep: async (options) => {
      const { limit } = begin(options);
      return sweep(resources, views, limit);
    },
    close: parts.close,
    [Symbol.asyncDispose]: parts.close,
  };
  return store;
}
