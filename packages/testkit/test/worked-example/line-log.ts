import {
  type Append,
  compareIds,
  type DocumentId,
  type EventLog,
  idKey,
  type Outcome,
  type StoredEvent,
} from "@everdraft/core/adapter";
import type { Codec } from "./codec.ts";
import { kinds } from "./codec.ts";
import type { Part } from "./file-system.ts";
import type { LineViews } from "./line-views.ts";

/** The log: a file for each document, a line for each event, the slot of version n being line n. */
export function lineLog(files: Part, ids: Part, views: LineViews, { read, write, open }: Codec): EventLog {
  const linesOf = (doc: DocumentId): Uint8Array[] =>
    files.last(idKey(doc)) === undefined ? [] : files.lines(idKey(doc));
  const everything = (): StoredEvent[] =>
    files.files().flatMap((file) => files.lines(file).map((line) => read<StoredEvent>(line)));
  /** The name under which an event's version is found by its id. */
  const nameOf = (doc: DocumentId, id: string): string => JSON.stringify([idKey(doc), id]);

  // #region slot
  // without an await between looking and writing, so nobody comes in between: the slot guards itself
  const insert = ({ event, view, before }: Append): Outcome => {
    if (ids.last(nameOf(event.doc, event.id)) !== undefined) return { event: "taken", by: "id" };
    const lines = files.lines(idKey(event.doc));
    if (lines.length >= event.version) return { event: "taken", by: "slot" };
    lines.push(write(event));
    ids.replace(nameOf(event.doc, event.id), write(event.version));
    if (view === undefined) return { event: "stored" };
    return { event: "stored", view: views.writeOver(view, before) };
  };
  // #endregion slot

  // #region chain
  const commit = (appends: readonly Append[], order: "independent" | "chain"): Outcome[] => {
    const outcomes: Outcome[] = [];
    for (const append of appends) {
      const before = outcomes.at(-1);
      const isBroken = order === "chain" && before !== undefined && before.event !== "stored";
      outcomes.push(isBroken ? { event: "unsent" } : insert(append));
    }
    return outcomes;
  };
  // #endregion chain

  return {
    commit: open((appends, order) => commit(appends, order)),
    read: open((doc, { from, to, limit }) =>
      linesOf(doc)
        .slice(from - 1, Math.min(to, from - 1 + limit))
        .map((line) => read<StoredEvent>(line)),
    ),
    head: open((doc) => {
      const line = files.last(idKey(doc));
      return line === undefined ? undefined : read<StoredEvent>(line);
    }),
    byId: open((doc, id) => {
      const version = ids.last(nameOf(doc, id));
      const line = version && linesOf(doc)[read<number>(version) - 1];
      return line && read<StoredEvent>(line);
    }),
    documents: open(({ after, limit }) =>
      files
        .all()
        .map((line) => read<StoredEvent>(line).doc)
        .sort((a, b) => compareIds(a, b, kinds))
        .filter((id) => after === undefined || compareIds(id, after, kinds) > 0)
        .slice(0, limit),
    ),
    changes: open(({ from = -Infinity, to = Infinity, by, type, act, order, after, limit }) => {
      const sign = order === "oldest" ? 1 : -1;
      type Place = Pick<StoredEvent, "at" | "doc" | "version">;
      const compare = (a: Place, b: Place): number =>
        sign * (a.at - b.at || compareIds(a.doc, b.doc, kinds) || a.version - b.version);
      return everything()
        .filter((event) => event.at >= from && event.at <= to)
        .filter((event) => by === undefined || idKey(event.by) === idKey(by))
        .filter((event) => type === undefined || event.type === type)
        .filter((event) => act === undefined || event.act === act)
        .filter((event) => after === undefined || compare(event, after) > 0)
        .sort(compare)
        .slice(0, limit);
    }),
  };
}
