import { asyncList } from "../context/async-list.ts";
import { checkCount, checkFlag, checkOnNewer, optionsError } from "../context/check-options.ts";
import { onDocument } from "../context/on-document.ts";
import type { CallOptions, GetOptions } from "../context/options.ts";
import type { InnerChangesQuery, InnerHistoryQuery } from "../context/queries.ts";
import { checkListing, listChanges, listHistory, type Wanted } from "../history/list-events.ts";
import { replay } from "../history/replay.ts";
import { checkId, checkUser, type DocumentId } from "../model/document-id.ts";
import { checkMoment } from "../model/moment.ts";
import { compareStates } from "../patch/changes.ts";
import { documentEvent } from "../projection/document-event.ts";
import { countDocuments, findDocuments } from "../read/find-documents.ts";
import { countRows, findRows, type Rows, rowsOf, unknownProjection } from "../read/find-rows.ts";
import { fetchViews, readAtLeast, readable, readDocument, readViews } from "../read/read-documents.ts";
import type { PlainObject } from "../value/value.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { Reading } from "./inner-store.ts";

/** The calls that read. */
export function createReading(parts: StoreParts, start: CallStart): Reading {
  const { resources, views } = parts;
  const { kinds, types } = resources;

  const wantedOf = (query: InnerHistoryQuery | InnerChangesQuery): Wanted => {
    checkCount(query.limit);
    checkListing(query);
    const by = query.by === undefined ? undefined : checkUser(query.by, kinds);
    checkFlag(query.blanks, "blanks");
    return { by, type: query.type, path: query.path, blanks: query.blanks ?? false };
  };

  const get = async (id: unknown, options?: GetOptions): Promise<PlainObject | undefined> => {
    const on = start.on("get", id, options);
    const atLeast = options?.atLeast;
    checkCount(atLeast, "atLeast");
    if (atLeast !== undefined) return readAtLeast(on, views, atLeast);
    return (await readViews(resources, views, [on.doc], on.deadline))[0];
  };

  const stateAt = async (
    call: "stateAt" | "diff",
    id: unknown,
    moment: unknown,
    options?: CallOptions,
  ): Promise<PlainObject | undefined> => {
    const on = start.on(call, id, options);
    const { folded, sealed } = await replay(on, checkMoment(moment));
    return readable(resources, on.doc, folded, sealed)?.state;
  };

  const rowsFor = (name: string): Rows<PlainObject, DocumentId> => ({
    find: (filter = {}, options = {}) => {
      let incomplete = false;
      const onIncomplete = (): void => {
        incomplete = true;
      };
      const list = asyncList(async function* () {
        const deadline = start.longOver("rows().find", options);
        checkCount(options.limit);
        yield* findRows(parts, name, { ...options, filter, onIncomplete }, deadline);
      });
      return {
        ...list,
        get incomplete() {
          return incomplete;
        },
      };
    },
    count: async (filter = {}, options) =>
      countRows(parts, name, filter, start.over("rows().count", options)),
    of: async (id, options) => {
      const { doc, deadline } = start.on("rows().of", id, options);
      return rowsOf(parts, name, doc, deadline);
    },
  });

  return {
    get,
    stateAt: (id, moment, options) => stateAt("stateAt", id, moment, options),
    exists: async (id, options) => {
      const { doc, deadline } = start.on("exists", id, options);
      return (await fetchViews(resources, views, [doc], deadline))[0]?.state !== undefined;
    },
    getMany: async (ids, options) => {
      if (!Array.isArray(ids)) throw optionsError("ids", "it is a list of ids");
      const docs = ids.map((id) => checkId(id, kinds));
      const deadline = start.over("getMany", options);
      return docs.length === 0 ? [] : readViews(resources, views, docs, deadline);
    },
    read: async (id, moment, options) => {
      const on = start.on("read", id, options);
      return readDocument(on, views, moment === undefined ? undefined : checkMoment(moment));
    },
    diff: async (id, a, b, options) => {
      const [before, after] = await Promise.all([
        stateAt("diff", id, a, options),
        stateAt("diff", id, b, options),
      ]);
      return compareStates(before, after, types);
    },
    history: (id, query = {}) =>
      asyncList(async function* () {
        const doc = checkId(id, kinds);
        const deadline = start.longOver("history", query);
        for await (const event of listHistory(onDocument(resources, doc, deadline), query, wantedOf(query))) {
          yield documentEvent<DocumentId>(event, types);
        }
      }),
    changes: (query = {}) =>
      asyncList(async function* () {
        const deadline = start.longOver("changes", query);
        for await (const event of listChanges(resources, query, wantedOf(query), deadline)) {
          yield documentEvent<DocumentId>(event, types);
        }
      }),
    find: (filter = {}, options = {}) =>
      asyncList(async function* () {
        const deadline = start.longOver("find", options);
        checkCount(options.limit);
        checkOnNewer(options.onNewer);
        const after = options.after && { ...options.after, id: checkId(options.after.id, kinds) };
        yield* findDocuments(resources, views, { ...options, filter, ...(after && { after }) }, deadline);
      }),
    rows: (given) => {
      const name = typeof given === "string" ? given : given?.name;
      if (!parts.rows.projections.some((one) => one.name === name)) throw unknownProjection(parts);
      return rowsFor(name);
    },
    count: async (filter = {}, options) => {
      const deadline = start.over("count", options);
      checkOnNewer(options?.onNewer);
      return countDocuments(resources, views, { filter, onNewer: options?.onNewer }, deadline);
    },
  };
}
