import { asyncList } from "../context/async-list.ts";
import { checkCount, checkOnNewer } from "../context/check-options.ts";
import { checkId, type DocumentId } from "../model/document-id.ts";
import { countDocuments, findDocuments } from "../read/find-documents.ts";
import { countRows, findRows, type Rows, rowsOf, unknownProjection } from "../read/find-rows.ts";
import type { PlainObject } from "../value/value.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { Finding } from "./inner-store.ts";

/** The calls that find and count documents and rows. */
export function createFinding(parts: StoreParts, start: CallStart): Finding {
  const { resources, views } = parts;

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
    find: (filter = {}, options = {}) =>
      asyncList(async function* () {
        const deadline = start.longOver("find", options);
        checkCount(options.limit);
        checkOnNewer(options.onNewer);
        const after = options.after && { ...options.after, id: checkId(options.after.id, resources.kinds) };
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
