import {
  compareIds,
  countByScan,
  findByScan,
  idKey,
  isIntact,
  type KnownView,
  type View,
  type ViewOutcome,
  type ViewStore,
} from "@everdraft/core/adapter";
import { type Codec, kinds, types } from "./codec.ts";
import type { Part } from "./file-system.ts";

/** The views, and a way to write one at once with its event. */
export interface LineViews extends ViewStore {
  /** Writes a view over the one that its writer knew, without a turn for anybody else. */
  writeOver(view: View, before: KnownView): ViewOutcome;
}

/** The views: a file of one line for each document. */
export function lineViews(files: Part, { read, write, open }: Codec): LineViews {
  // #region guard
  const put = (view: View): ViewOutcome => {
    // a deleted document keeps its line, so that a late writer cannot bring it back
    files.replace(idKey(view.id), write(view));
    return "current";
  };
  const writeOver = (view: View, before: KnownView): ViewOutcome => {
    const line = files.last(idKey(view.id));
    // there is always a line, so one that is missing was taken away
    if (line === undefined)
      return typeof before === "object" && view.state !== undefined ? "drift" : put(view);
    const found = read<View>(line);
    // somebody changed it by hand: it is left alone
    if (!isIntact(found, types)) return "drift";
    return found.version >= view.version ? "current" : put(view);
  };
  // #endregion guard
  async function* scan(): AsyncGenerator<readonly View[]> {
    yield files
      .all()
      .map((line) => read<View>(line))
      .sort((a, b) => compareIds(a.id, b.id, kinds));
  }
  return {
    writeOver,
    get: open((ids) =>
      ids.map((id) => {
        const line = files.last(idKey(id));
        return line === undefined ? undefined : read<View>(line);
      }),
    ),
    write: open((view, over) => (over === "any" ? put(view) : writeOver(view, undefined))),
    find: open((query) => findByScan(scan, query, kinds)),
    count: open((filter, _call, schema) => countByScan(scan, filter, schema)),
  };
}
