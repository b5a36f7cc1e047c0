import { asyncList } from "../context/async-list.ts";
import { checkCount, checkFlag } from "../context/check-options.ts";
import { onDocument } from "../context/on-document.ts";
import type { InnerChangesQuery, InnerHistoryQuery } from "../context/queries.ts";
import { checkListing, listChanges, listHistory, type Wanted } from "../history/list-events.ts";
import { checkId, checkUser, type DocumentId } from "../model/document-id.ts";
import { documentEvent } from "../projection/document-event.ts";
import type { StoreParts } from "../write/store-parts.ts";
import type { CallStart } from "./begin-call.ts";
import type { Listing } from "./inner-store.ts";

/** The calls that list events. */
export function createListing({ resources }: StoreParts, start: CallStart): Listing {
  const { kinds, types } = resources;

  const wantedOf = (query: InnerHistoryQuery | InnerChangesQuery): Wanted => {
    checkCount(query.limit);
    checkListing(query);
    const by = query.by === undefined ? undefined : checkUser(query.by, kinds);
    checkFlag(query.blanks, "blanks");
    return { by, type: query.type, path: query.path, blanks: query.blanks ?? false };
  };

  return {
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
  };
}
